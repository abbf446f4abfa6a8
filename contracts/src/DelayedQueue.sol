// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Announcement, IDelayedQueue, QueuedCall} from "./interfaces/IDelayedQueue.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {IGatewayUser} from "./interfaces/IGatewayUser.sol";
import {ILanes} from "./interfaces/ILanes.sol";
import {Component, Deployment} from "./interfaces/IRegistryFactory.sol";

/// @title The registry's delayed queue. See {IDelayedQueue}.
contract DelayedQueue is IDelayedQueue {
    uint64 private constant CHANGE_DELAY = 2 days;
    uint64 private constant REPLACEMENT_DELAY = 14 days;
    uint64 private constant RETIREMENT_DELAY = 30 days;
    /// @dev Shorter than the longest hold, so that a held forgery can be voided before anyone may release it.
    uint64 private constant VOID_DELAY = 24 hours;

    /// @inheritdoc IDelayedQueue
    uint64 public constant EXECUTION_WINDOW = 7 days;

    /// @inheritdoc IDelayedQueue
    address public immutable collection;

    mapping(bytes32 planId => Announcement) private _announcements;

    modifier onlyOwner() {
        if (msg.sender != Ownable(collection).owner()) revert NotOwner(msg.sender);
        _;
    }

    constructor(Deployment memory deployment) {
        collection = deployment.components[uint256(Component.COLLECTION)];
    }

    /// @inheritdoc IDelayedQueue
    function announce(QueuedCall[] calldata calls) external onlyOwner returns (bytes32 planId) {
        if (calls.length == 0) revert PlanEmpty();
        planId = planIdOf(calls);
        Announcement memory earlier = _announcements[planId];
        if (block.timestamp <= earlier.expiresAt) revert PlanAlreadyAnnounced(planId, earlier.readyAt);

        uint64 readyAt = uint64(block.timestamp) + delayOf(calls);
        _announcements[planId] = Announcement(readyAt, readyAt + EXECUTION_WINDOW);
        emit PlanAnnounced(planId, calls, readyAt, readyAt + EXECUTION_WINDOW);
    }

    /// @inheritdoc IDelayedQueue
    function execute(QueuedCall[] calldata calls) external {
        bytes32 planId = planIdOf(calls);
        Announcement memory announcement = _requireAnnounced(planId);
        if (block.timestamp < announcement.readyAt) revert PlanNotReady(planId, announcement.readyAt);
        if (block.timestamp > announcement.expiresAt) revert PlanExpired(planId, announcement.expiresAt);

        delete _announcements[planId];
        for (uint256 i = 0; i < calls.length; ++i) {
            Address.functionCall(calls[i].target, calls[i].data);
        }
        emit PlanExecuted(planId);
    }

    /// @inheritdoc IDelayedQueue
    function withdraw(bytes32 planId) external onlyOwner {
        _requireAnnounced(planId);
        delete _announcements[planId];
        emit PlanWithdrawn(planId);
    }

    /// @inheritdoc IDelayedQueue
    function veto(QueuedCall[] calldata calls) external {
        if (msg.sender != ICollection(collection).guardian()) revert NotGuardian(msg.sender);
        bytes32 planId = planIdOf(calls);
        _requireAnnounced(planId);
        if (!_replaces(calls)) revert PlanNotVetoable(planId);
        delete _announcements[planId];
        emit PlanVetoed(planId);
    }

    /// @inheritdoc IDelayedQueue
    function announcementOf(bytes32 planId) external view returns (Announcement memory) {
        return _announcements[planId];
    }

    /// @inheritdoc IDelayedQueue
    function delayOf(QueuedCall[] calldata calls) public pure returns (uint64 delay) {
        for (uint256 i = 0; i < calls.length; ++i) {
            uint64 callDelay = _delayOf(bytes4(calls[i].data));
            if (callDelay > delay) delay = callDelay;
        }
    }

    /// @inheritdoc IDelayedQueue
    function planIdOf(QueuedCall[] calldata calls) public pure returns (bytes32) {
        return keccak256(abi.encode(calls));
    }

    function _requireAnnounced(bytes32 planId) private view returns (Announcement memory announcement) {
        announcement = _announcements[planId];
        if (announcement.readyAt == 0) revert PlanNotAnnounced(planId);
    }

    /// @dev By selector alone, so that a contract which takes another's place is bound by the same delays.
    function _delayOf(bytes4 selector) private pure returns (uint64) {
        if (_isReplacement(selector)) return REPLACEMENT_DELAY;
        if (selector == ILanes.retireChain.selector) return RETIREMENT_DELAY;
        if (selector == ILanes.voidStatement.selector) return VOID_DELAY;
        return CHANGE_DELAY;
    }

    function _replaces(QueuedCall[] calldata calls) private pure returns (bool) {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (_isReplacement(bytes4(calls[i].data))) return true;
        }
        return false;
    }

    /// @dev Of what a stolen owner key would replace first: the Gateway, and the guardian who could stop that.
    function _isReplacement(bytes4 selector) private pure returns (bool) {
        return selector == IGatewayUser.setGateway.selector || selector == ICollection.setGuardian.selector;
    }
}
