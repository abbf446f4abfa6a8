// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Kind} from "../interfaces/IGateway.sol";

/// @title Gas of a statement on its destination, by kind and number of works: what it takes at worst, with cold storage
/// and receivers that burn all the gas they get, and at least a quarter more (GasPlanTest). Chains that reckon otherwise
/// than Ethereum were not measured; what runs out of gas there is delivered again with more, by anyone.
library GasPlan {
    /// @dev No statement carries more works, whatever a protocol could.
    uint256 internal constant MAX_WORKS = 50;

    uint256 private constant WORKS_BASE = 220_000;
    uint256 private constant WORKS_EACH = 230_000;
    uint256 private constant VOID_BASE = 240_000;
    uint256 private constant VOID_EACH = 40_000;
    /// @dev A grant that names as many works as one may.
    uint256 private constant LICENCE = 650_000;
    /// @dev As many operators as a transfer policy may name, each of which takes a slot.
    uint256 private constant REGISTRY_STATE = 650_000;
    uint256 private constant OTHER = 270_000;
    /// @dev What the bridge's and the transport's code take before the Gateway looks, and what reading a message costs,
    /// for the statement itself and for each work. The first message of a path takes most.
    uint256 private constant BEFORE_BASE = 100_000;
    uint256 private constant BEFORE_EACH = 2_000;
    /// @dev Each of two calls on the way keeps back 1/64 of the gas (EIP-150): together less than 1/25.
    uint256 private constant KEPT_BACK = 25;

    /// @dev Bytes of a statement that voids one with works, beside the works; and of each work.
    uint256 private constant BYTES_BASE = 1_024;
    uint256 private constant BYTES_EACH = 12 * 32;

    /// @dev What the statement buys for its delivery.
    function limitOf(Kind kind, uint256 works) internal pure returns (uint256) {
        if (kind == Kind.WORKS) return WORKS_BASE + works * WORKS_EACH;
        if (kind == Kind.VOID) return VOID_BASE + works * VOID_EACH;
        if (kind == Kind.LICENCE) return LICENCE;
        if (kind == Kind.REGISTRY_STATE) return REGISTRY_STATE;
        return OTHER;
    }

    /// @dev What must be left when the Gateway has read the statement, so that whoever executes it cannot make it
    /// fail by giving too little: the limit less what is spent before.
    function floorOf(Kind kind, uint256 works) internal pure returns (uint256) {
        uint256 limit = limitOf(kind, works);
        return limit - limit / KEPT_BACK - BEFORE_BASE - works * BEFORE_EACH;
    }

    /// @dev Works that one message can carry, and that a message which voids it can carry back.
    function worksWithin(uint256 maxBytes, uint256 maxGas) internal pure returns (uint256) {
        uint256 byBytes = maxBytes < BYTES_BASE ? 0 : (maxBytes - BYTES_BASE) / BYTES_EACH;
        uint256 byGas = maxGas < WORKS_BASE ? 0 : (maxGas - WORKS_BASE) / WORKS_EACH;
        return byBytes < byGas ? byBytes : byGas;
    }
}
