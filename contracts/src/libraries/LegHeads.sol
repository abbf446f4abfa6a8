// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LegState} from "../interfaces/ICollection.sol";

/// @notice One slot of storage: who has a work, and how it stands here.
/// @param holder ERC-721 owner of a live leg. Once the work departed, the lower 160 bits of its departure's mark (see
/// {Departures}). Otherwise zero.
/// @param marks {LegState} in the lowest two bits, then the flags of {LegHeads}.
/// @param place Home, while it escrows the work: number of the chain it went to, from 1. Otherwise zero.
/// @param hop See {Leg}.
/// @param revision See {Leg}.
struct LegHead {
    address holder;
    uint8 marks;
    uint8 place;
    uint40 hop;
    uint40 revision;
}

/// @title Reading and changing the marks of a leg, in memory.
library LegHeads {
    uint8 internal constant FROZEN_HERE = 1 << 2;
    uint8 internal constant FROZEN_BY_HOME = 1 << 3;
    /// @dev The work has an ERC-721 approval; without it nothing need be cleared.
    uint8 internal constant APPROVED = 1 << 4;
    /// @dev The work has an ERC-4907 user; without it what is stored of one is stale.
    uint8 internal constant HAS_USER = 1 << 5;

    uint8 private constant STATE_MASK = 3;

    function state(LegHead memory head) internal pure returns (LegState) {
        return LegState(head.marks & STATE_MASK);
    }

    function setState(LegHead memory head, LegState state_) internal pure {
        head.marks = (head.marks & ~STATE_MASK) | uint8(state_);
    }

    function has(LegHead memory head, uint8 flag) internal pure returns (bool) {
        return head.marks & flag != 0;
    }

    function set(LegHead memory head, uint8 flag, bool on) internal pure {
        head.marks = on ? head.marks | flag : head.marks & ~flag;
    }

    function isFrozen(LegHead memory head) internal pure returns (bool) {
        return has(head, FROZEN_HERE | FROZEN_BY_HOME);
    }
}
