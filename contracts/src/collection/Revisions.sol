// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ICollection, LegState} from "../interfaces/ICollection.sol";
import {LegHead, LegHeads} from "../libraries/LegHeads.sol";
import {RegistryRoles} from "./RegistryRoles.sol";
import {WorkLedger} from "./WorkLedger.sol";

/// @title What changes about a work: its state by revision, and whether it is frozen.
abstract contract Revisions is WorkLedger, RegistryRoles {
    using LegHeads for LegHead;

    /// @dev Only a revision writes one, so what stands here at revision 0 is zero.
    mapping(uint256 workId => bytes32) internal _stateHashes;

    /// @inheritdoc ICollection
    function stateRevision(
        uint256 workId,
        uint64 expectedRevision,
        bytes32 stateHash
    ) external onlyHome onlyMinter returns (uint64) {
        LegHead memory head = _headOf(workId);
        if (head.state() == LegState.NONE) revert WorkUnknown(workId);
        if (head.state() == LegState.BURNED) revert WorkNotLive(workId, head.state());
        if (head.revision != expectedRevision) revert UnexpectedRevision(expectedRevision, head.revision);
        _stateHashes[workId] = stateHash;
        return _raiseRevision(workId, head);
    }

    /// @inheritdoc ICollection
    function freeze(uint256 workId) external onlyGuardianOrOwner {
        if (_setFrozenHere(workId, true)) emit WorkFrozen(workId);
    }

    /// @inheritdoc ICollection
    function unfreeze(uint256 workId) external onlyGuardianOrOwner {
        if (_setFrozenHere(workId, false)) emit WorkUnfrozen(workId);
    }

    /// @inheritdoc ICollection
    function applyRevision(uint256 workId, uint40 revision, bytes32 stateHash, bool frozen) external onlyGateway {
        if (_isHome()) revert HomeDecides(workId);
        LegHead memory head = _headOf(workId);
        if (_takeRevision(workId, head, revision, stateHash, frozen)) _store(workId, head);
    }

    /// @dev Changes `head` only in memory. Bridges deliver late, twice and out of order, so an old revision is ignored
    /// rather than reverted.
    /// @return changed False if the revision is not greater than the one known.
    function _takeRevision(
        uint256 workId,
        LegHead memory head,
        uint40 revision,
        bytes32 stateHash,
        bool frozen
    ) internal returns (bool changed) {
        if (revision <= head.revision) return false;
        head.revision = revision;
        _stateHashes[workId] = stateHash;
        emit RevisionApplied(workId, revision, stateHash);
        emit MetadataUpdate(workId);
        if (head.has(LegHeads.FROZEN_BY_HOME) == frozen) return true;
        head.set(LegHeads.FROZEN_BY_HOME, frozen);
        if (frozen) emit WorkFrozen(workId);
        else emit WorkUnfrozen(workId);
        return true;
    }

    /// @dev Stores `head` with the next revision.
    function _raiseRevision(uint256 workId, LegHead memory head) private returns (uint64 revision) {
        revision = ++head.revision;
        _store(workId, head);
        emit RevisionStated(workId, revision, _stateHashes[workId]);
        emit MetadataUpdate(workId);
    }

    /// @return changed False if it was so already.
    function _setFrozenHere(uint256 workId, bool frozen) private returns (bool changed) {
        LegHead memory head = _headOf(workId);
        if (_isHome() && head.state() == LegState.NONE) revert WorkUnknown(workId);
        if (head.has(LegHeads.FROZEN_HERE) == frozen) return false;
        head.set(LegHeads.FROZEN_HERE, frozen);
        if (_isHome()) _raiseRevision(workId, head);
        else _store(workId, head);
        return true;
    }
}
