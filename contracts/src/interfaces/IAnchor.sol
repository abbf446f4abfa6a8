// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a publisher said of a log at one time.
/// @param root Merkle root over the first `size` entries (RFC 9162 §2.1, SHA-256).
/// @param size Number of entries.
/// @param anchoredAt Unix time in seconds of the block.
struct AnchoredRoot {
    bytes32 root;
    uint64 size;
    uint64 anchoredAt;
}

/// @title Merkle roots of provenance logs, one contract for all publishers of a chain.
/// @notice Whoever calls is the publisher and speaks for its own logs only. What was anchored is never changed, and
/// a log only grows, so a certificate that names publisher, log, size and position can be checked for ever.
interface IAnchor {
    /// @notice A publisher anchored the first `size` entries of its log.
    event RootAnchored(
        address indexed publisher, bytes32 indexed logId, uint256 indexed index, uint64 size, bytes32 root
    );

    /// @notice The log had as many entries before: this root was anchored already, or the log shrank.
    error LogNotGrown(bytes32 logId, uint64 anchored, uint64 size);

    /// @notice No root was anchored under this index.
    error RootUnknown(address publisher, bytes32 logId, uint256 index);

    /// @notice Anchors the caller's log at a size greater than all before.
    /// @param logId Chosen by the publisher, e.g. a registry's id.
    /// @param size Number of entries that `root` covers.
    /// @return index Number of this root in its log, from 0.
    function anchor(bytes32 logId, uint64 size, bytes32 root) external returns (uint256 index);

    /// @notice How many roots a publisher has anchored for a log.
    function countOf(address publisher, bytes32 logId) external view returns (uint256);

    /// @notice One of them, oldest first. Reverts with {RootUnknown} beyond the last.
    function rootAt(address publisher, bytes32 logId, uint256 index) external view returns (AnchoredRoot memory);

    /// @notice The newest; all zero if there is none.
    function latestOf(address publisher, bytes32 logId) external view returns (AnchoredRoot memory);

    /// @notice The one at exactly this size; all zero if none was anchored at it.
    function rootAtSize(address publisher, bytes32 logId, uint64 size) external view returns (AnchoredRoot memory);

    /// @notice Whether an entry is in a log as it was anchored at `size`.
    /// @param index Position of the entry, from 0.
    /// @param leafHash SHA-256 of 0x00 and the entry's bytes; see {leafHashOf}.
    /// @param path Sibling hashes from the leaf up (RFC 9162 §2.1.3).
    function isIncluded(
        address publisher,
        bytes32 logId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool);

    /// @notice Hash of an entry as the tree has it.
    function leafHashOf(bytes calldata entry) external pure returns (bytes32);
}
