// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Statement} from "../interfaces/IGateway.sol";

/// @title The digest of a statement.
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
}
