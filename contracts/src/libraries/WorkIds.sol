// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICollection} from "../interfaces/ICollection.sol";

/// @title The identity of a work: a token id that carries its origin.
library WorkIds {
    /// @dev What a work's id is bound to; both ends of every move recompute it.
    function commitmentOf(bytes32 documentHash, bytes32 seed, uint64 edition) internal pure returns (bytes32) {
        return keccak256(abi.encode(documentHash, seed, edition));
    }

    /// @dev Upper 160 bits: those of the commitment. Lower 96 bits: the edition.
    function workIdOf(bytes32 commitment, uint64 edition) internal pure returns (uint256) {
        return (uint256(uint160(uint256(commitment) >> 96)) << 96) | edition;
    }

    /// @dev Refuses an origin that is not the one that the id carries.
    function requireBound(uint256 workId, bytes32 documentHash, bytes32 seed) internal pure {
        uint64 edition = uint64(workId);
        bytes32 commitment = commitmentOf(documentHash, seed, edition);
        if (workIdOf(commitment, edition) != workId) revert ICollection.CommitmentMismatch(workId, commitment);
    }
}
