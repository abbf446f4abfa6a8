// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @title Deployment at an address that depends on deployer and salt, not on the code.
/// @dev CREATE2 puts a tiny proxy at a salted address; the proxy CREATEs what it is called with, as its first
/// deployment. The technique and the proxy are those of 0xSequence's `create3` (MIT), unchanged since 2022.
library Create3 {
    /// @dev Runtime: CREATE(0, calldata), return nothing. Creation: return that runtime.
    bytes private constant PROXY_CREATION_CODE = hex"67363d3d37363d34f03d5260086018f3";

    /// @return at Address of the contract; zero if its constructor failed.
    function deploy(bytes32 salt, bytes memory creationCode) internal returns (address at) {
        address proxy = Create2.deploy(0, salt, PROXY_CREATION_CODE);
        (bool called,) = proxy.call(creationCode);
        at = firstContractOf(proxy);
        if (!called || at.code.length == 0) return address(0);
    }

    /// @dev Where this contract's {deploy} with `salt` puts its contract.
    function addressOf(bytes32 salt) internal view returns (address) {
        return firstContractOf(Create2.computeAddress(salt, keccak256(PROXY_CREATION_CODE)));
    }

    /// @dev RLP of [creator, 1]: a contract's nonce starts at 1 (EIP-161).
    function firstContractOf(address creator) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", creator, hex"01")))));
    }
}
