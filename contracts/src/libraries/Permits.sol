// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SendRequest} from "../interfaces/IGateway.sol";
import {WorkSend} from "../interfaces/PayloadTypes.sol";

/// @title EIP-712 struct hash of a holder's permit to send works.
library Permits {
    bytes32 private constant WORK_SEND_TYPEHASH = keccak256(
        "WorkSend(uint256 workId,bytes32 documentHash,bytes32 seed,uint64 hop,bytes32 to,bytes32 fallbackTo)"
    );
    bytes32 private constant SEND_WORKS_TYPEHASH = keccak256(
        "SendWorks(bytes32 dstChainHash,uint8 transport,WorkSend[] works,address holder,uint256 deadline)"
        "WorkSend(uint256 workId,bytes32 documentHash,bytes32 seed,uint64 hop,bytes32 to,bytes32 fallbackTo)"
    );

    function hashOf(SendRequest calldata request, address holder, uint256 deadline) internal pure returns (bytes32) {
        bytes32[] memory works = new bytes32[](request.works.length);
        for (uint256 i = 0; i < works.length; ++i) {
            WorkSend calldata work = request.works[i];
            works[i] = keccak256(
                abi.encode(
                    WORK_SEND_TYPEHASH, work.workId, work.documentHash, work.seed, work.hop, work.to, work.fallbackTo
                )
            );
        }
        return keccak256(
            abi.encode(
                SEND_WORKS_TYPEHASH,
                request.dstChainHash,
                request.transport,
                keccak256(abi.encodePacked(works)),
                holder,
                deadline
            )
        );
    }
}
