// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev What a vault owes of one token. Credits are held in shares of `pooled`; a share is worth one unit until a
/// loss is recorded, and never more. One slot.
/// @param pooled Units owed, all credits and unsplit money together.
/// @param shares Shares that exist.
/// @param era Number of times that the shares became worthless; those of earlier eras count for nothing.
struct Pool {
    uint112 pooled;
    uint112 shares;
    uint32 era;
}

/// @title Shares of a {Pool}.
/// @dev Works on memory; the caller stores the result.
library Pools {
    using SafeCast for uint256;

    /// @dev Shares that cost more than this many times what is left of them are void: below it, rounding and
    /// overflow would harm those who come later.
    uint256 private constant WORTHLESS_SHIFT = 32;

    /// @dev Writes the pool down to what is there. All holders lose in proportion to their shares.
    /// @return lost Units written off.
    function recordLoss(Pool memory pool, uint256 balance) internal pure returns (uint256 lost) {
        if (balance < pool.pooled) {
            lost = pool.pooled - balance;
            pool.pooled = balance.toUint112();
        }
        if (pool.shares != 0 && pool.pooled <= pool.shares >> WORTHLESS_SHIFT) {
            lost += pool.pooled;
            (pool.pooled, pool.shares) = (0, 0);
            ++pool.era;
        }
    }

    /// @dev Adds units.
    /// @return issued The shares that stand for them.
    function add(Pool memory pool, uint256 amount) internal pure returns (uint256 issued) {
        issued = pool.shares == 0 ? amount : Math.mulDiv(amount, pool.shares, pool.pooled);
        pool.pooled = (pool.pooled + amount).toUint112();
        pool.shares = (pool.shares + issued).toUint112();
    }

    /// @dev Takes out units for a holder of `held` shares that are worth at least `amount`.
    /// @return burned The shares that stood for them; all that the holder has if the amount is all they are worth.
    function take(Pool memory pool, uint256 held, uint256 amount) internal pure returns (uint256 burned) {
        burned =
            amount == worthOf(pool, held) ? held : Math.mulDiv(amount, pool.shares, pool.pooled, Math.Rounding.Ceil);
        pool.pooled -= amount.toUint112();
        pool.shares -= burned.toUint112();
        // What rounding kept back belongs to nobody now, and is surplus.
        if (pool.shares == 0) pool.pooled = 0;
    }

    /// @dev Puts back units and shares that {take} took out.
    function restore(Pool memory pool, uint256 amount, uint256 shares) internal pure {
        pool.pooled += amount.toUint112();
        pool.shares += shares.toUint112();
    }

    /// @dev Units that `shares` stand for, rounded down.
    function worthOf(Pool memory pool, uint256 shares) internal pure returns (uint256) {
        return pool.shares == 0 ? 0 : Math.mulDiv(shares, pool.pooled, pool.shares);
    }
}
