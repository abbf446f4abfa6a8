// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Kind, Statement} from "../interfaces/IGateway.sol";

/// @title The digest of a statement, and how much it carries.
library Statements {
    bytes32 internal constant TYPEHASH_V1 = keccak256(
        "ColophonStatementV1(bytes32 registryId,bytes32 srcChainHash,bytes32 srcGateway,bytes32 dstChainHash,"
        "bytes32 dstGateway,uint64 nonce,uint8 kind,uint8 minPolicy,uint32 laneEpoch,bytes payload)"
    );

    /// @dev The same whichever transport carries the statement: fees, options and message ids stay out.
    function digestOf(Statement memory statement) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                TYPEHASH_V1,
                statement.registryId,
                statement.srcChainHash,
                statement.srcGateway,
                statement.dstChainHash,
                statement.dstGateway,
                statement.nonce,
                statement.kind,
                statement.minPolicy,
                statement.laneEpoch,
                keccak256(statement.payload)
            )
        );
    }

    /// @dev Works that a statement carries, or carries back.
    function worksOf(Statement memory statement) internal pure returns (uint256) {
        if (statement.kind == Kind.WORKS) return worksIn(statement.payload);
        if (statement.kind != Kind.VOID) return 0;
        Statement memory voided = abi.decode(statement.payload, (Statement));
        return voided.kind == Kind.WORKS ? worksIn(voided.payload) : 0;
    }

    /// @dev Length of an encoded array of works, without decoding it. A payload that is none has as many as could
    /// have been encoded in it.
    function worksIn(bytes memory payload) internal pure returns (uint256 count) {
        if (payload.length < 64) return 0;
        assembly ("memory-safe") {
            // The bytes' length, the array's offset, the array's length.
            count := mload(add(payload, 0x40))
        }
        uint256 most = payload.length / 32;
        return count < most ? count : most;
    }
}
