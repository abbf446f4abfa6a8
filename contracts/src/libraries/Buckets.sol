// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A token bucket in one slot.
/// @param capacity See {Limit}.
/// @param perDay See {Limit}.
/// @param level What is in it, in works times seconds of a day, so that filling up loses nothing to rounding.
/// @param updatedAt Unix time in seconds at which it had that level.
struct Bucket {
    uint32 capacity;
    uint32 perDay;
    uint64 level;
    uint64 updatedAt;
}

/// @title Token buckets that count works.
library Buckets {
    function set(Bucket storage bucket, uint32 capacity, uint32 perDay) internal {
        bucket.capacity = capacity;
        bucket.perDay = perDay;
        bucket.level = uint64(capacity) * uint64(1 days);
        bucket.updatedAt = uint64(block.timestamp);
    }

    /// @dev Takes `works` out, or as many as a full bucket has.
    /// @return taken False if there are too few; then nothing changed.
    function tryTake(Bucket storage bucket, uint256 works) internal returns (bool taken) {
        Bucket memory current = bucket;
        if (current.capacity == 0) return true;
        uint256 level = levelOf(current);
        uint256 needed = (works < current.capacity ? works : current.capacity) * 1 days;
        if (needed > level) return false;
        bucket.level = uint64(level - needed);
        bucket.updatedAt = uint64(block.timestamp);
        return true;
    }

    /// @return Level now, in works times seconds of a day.
    function levelOf(Bucket memory bucket) internal view returns (uint256) {
        uint256 full = uint256(bucket.capacity) * 1 days;
        uint256 level = bucket.level + (block.timestamp - bucket.updatedAt) * bucket.perDay;
        return level < full ? level : full;
    }
}
