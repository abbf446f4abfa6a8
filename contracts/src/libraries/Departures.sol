// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {WorkPayload} from "../interfaces/PayloadTypes.sol";

/// @title By what a collection knows, should a statement be voided, that it is the one which carried a work away.
library Departures {
    /// @dev The nonce, which is used once to each destination, and all that the statement says of the work: without
    /// the latter, a payload that nobody sent could name any holder.
    function markOf(uint64 nonce, WorkPayload memory work) internal pure returns (bytes32) {
        return keccak256(abi.encode(nonce, work));
    }
}
