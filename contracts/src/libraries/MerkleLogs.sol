// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Merkle trees of append-only logs, as Certificate Transparency has them, over SHA-256.
/// @dev RFC 9162 §2.1 (which keeps RFC 6962's tree; https://www.rfc-editor.org/rfc/rfc9162#section-2.1, read
/// 2026-11). The prefixes tell leaves from nodes, so that no node passes for a leaf.
library MerkleLogs {
    /// @dev Hash of an entry: SHA-256 of 0x00 and its bytes.
    function leafHashOf(bytes memory entry) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", entry));
    }

    /// @dev Whether `leafHash` is the entry `index` (from 0) of the log that had `size` entries and this root.
    /// @param path The siblings on the way up, lowest first (§2.1.3.1).
    function isIncluded(
        bytes32 root,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (index >= size) return false;
        (uint64 node, uint64 last) = (index, size - 1);
        bytes32 hash = leafHash;
        for (uint256 i = 0; i < path.length; ++i) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                hash = _nodeHashOf(path[i], hash);
                // The last node of a level without a sibling goes up as it is.
                while (node & 1 == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            } else {
                hash = _nodeHashOf(hash, path[i]);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    function _nodeHashOf(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(bytes.concat(hex"01", left, right));
    }
}
