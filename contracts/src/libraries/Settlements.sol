// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RemittedCredit} from "../interfaces/IRoyaltyVault.sol";

/// @title What vaults write to each other: abi.encode(settlementId, srcToken, accounts, amounts).
library Settlements {
    bytes32 private constant TYPEHASH_V1 =
        keccak256("ColophonSettlementV1(bytes32 registryId,bytes32 srcChainHash,bytes32 dstChainHash,bytes message)");

    function encode(
        bytes32 settlementId,
        address srcToken,
        RemittedCredit[] calldata credits
    ) internal pure returns (bytes memory) {
        bytes32[] memory accounts = new bytes32[](credits.length);
        uint256[] memory amounts = new uint256[](credits.length);
        for (uint256 i = 0; i < credits.length; ++i) {
            (accounts[i], amounts[i]) = (credits[i].account, credits[i].amount);
        }
        return abi.encode(settlementId, srcToken, accounts, amounts);
    }

    function decode(bytes calldata message)
        internal
        pure
        returns (bytes32 settlementId, bytes32[] memory accounts, uint256[] memory amounts)
    {
        (settlementId,, accounts, amounts) = abi.decode(message, (bytes32, address, bytes32[], uint256[]));
    }

    /// @dev The same on both chains, whichever transport carries the settlement.
    function digestOf(
        bytes32 registryId,
        bytes32 srcChainHash,
        bytes32 dstChainHash,
        bytes memory message
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH_V1, registryId, srcChainHash, dstChainHash, keccak256(message)));
    }
}
