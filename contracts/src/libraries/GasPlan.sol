// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Kind} from "../interfaces/IGateway.sol";

/// @title Gas of a statement on its destination, by kind: measured with cold storage and rounded up.
library GasPlan {
    /// @dev What the statement buys for its delivery.
    function limitOf(Kind kind) internal pure returns (uint256) {
        return kind == Kind.WORKS ? 600_000 : 300_000;
    }

    /// @dev What must be left when the Gateway has read the statement, so that whoever executes it cannot make it
    /// fail by giving too little: the limit less what the bridge's and the transport's code take before.
    function floorOf(Kind kind) internal pure returns (uint256) {
        return kind == Kind.WORKS ? 400_000 : 150_000;
    }
}
