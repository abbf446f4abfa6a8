// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {AnchoredRoot, IAnchor} from "./interfaces/IAnchor.sol";
import {MerkleLogs} from "./libraries/MerkleLogs.sol";

/// @title Merkle roots of provenance logs. See {IAnchor}.
/// @dev No constructor arguments and no owner: the deterministic deployment proxy puts it at one address everywhere.
contract Anchor is IAnchor {
    mapping(address publisher => mapping(bytes32 logId => AnchoredRoot[])) private _roots;

    /// @inheritdoc IAnchor
    function anchor(bytes32 logId, uint64 size, bytes32 root) external returns (uint256 index) {
        AnchoredRoot[] storage roots = _roots[msg.sender][logId];
        uint64 anchored = _latest(roots).size;
        if (size <= anchored) revert LogNotGrown(logId, anchored, size);
        index = roots.length;
        roots.push(AnchoredRoot(root, size, uint64(block.timestamp)));
        emit RootAnchored(msg.sender, logId, index, size, root);
    }

    /// @inheritdoc IAnchor
    function countOf(address publisher, bytes32 logId) external view returns (uint256) {
        return _roots[publisher][logId].length;
    }

    /// @inheritdoc IAnchor
    function rootAt(address publisher, bytes32 logId, uint256 index) external view returns (AnchoredRoot memory) {
        AnchoredRoot[] storage roots = _roots[publisher][logId];
        if (index >= roots.length) revert RootUnknown(publisher, logId, index);
        return roots[index];
    }

    /// @inheritdoc IAnchor
    function latestOf(address publisher, bytes32 logId) external view returns (AnchoredRoot memory) {
        return _latest(_roots[publisher][logId]);
    }

    /// @inheritdoc IAnchor
    function isIncluded(
        address publisher,
        bytes32 logId,
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] calldata path
    ) external view returns (bool) {
        AnchoredRoot memory anchored = rootAtSize(publisher, logId, size);
        return anchored.size != 0 && MerkleLogs.isIncluded(anchored.root, size, index, leafHash, path);
    }

    /// @inheritdoc IAnchor
    function leafHashOf(bytes calldata entry) external pure returns (bytes32) {
        return MerkleLogs.leafHashOf(entry);
    }

    /// @inheritdoc IAnchor
    function rootAtSize(address publisher, bytes32 logId, uint64 size) public view returns (AnchoredRoot memory found) {
        AnchoredRoot[] storage roots = _roots[publisher][logId];
        (uint256 low, uint256 high) = (0, roots.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (roots[middle].size < size) low = middle + 1;
            else high = middle;
        }
        if (low < roots.length && roots[low].size == size) return roots[low];
    }

    function _latest(AnchoredRoot[] storage roots) private view returns (AnchoredRoot memory newest) {
        if (roots.length > 0) return roots[roots.length - 1];
    }
}
