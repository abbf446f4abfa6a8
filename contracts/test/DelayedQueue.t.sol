// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {DelayedQueue} from "../src/DelayedQueue.sol";
import {IDelayedQueue, QueuedCall} from "../src/interfaces/IDelayedQueue.sol";
import {World} from "./support/World.sol";

/// @dev Remembers who told it what; refuses zero.
contract Listener {
    error ZeroRefused();

    address public toldBy;
    uint256 public told;

    function tell(uint256 value) external {
        if (value == 0) revert ZeroRefused();
        toldBy = msg.sender;
        told = value;
    }
}

contract DelayedQueueTest is World {
    uint64 private constant DELAY = 2 days;

    DelayedQueue private queue;
    Listener private listener;

    function setUp() public override {
        super.setUp();
        queue = _on(HOME).queue;
        listener = new Listener();
        vm.warp(1_800_000_000);
    }

    function test_announce_thenExecuteByAnyone_makesAllCallsAsTheQueue() public {
        QueuedCall[] memory calls = _plan(1, 2);
        uint64 readyAt = uint64(block.timestamp) + DELAY;
        vm.expectEmit(address(queue));
        emit IDelayedQueue.PlanAnnounced(
            keccak256(abi.encode(calls)), calls, readyAt, readyAt + queue.EXECUTION_WINDOW()
        );
        bytes32 planId = _announce(calls);
        assertEq(queue.announcementOf(planId).readyAt, readyAt);

        vm.warp(readyAt);
        vm.expectEmit(address(queue));
        emit IDelayedQueue.PlanExecuted(planId);
        vm.prank(BOB);
        queue.execute(calls);
        assertEq(listener.told(), 2);
        assertEq(listener.toldBy(), address(queue));
        assertEq(queue.announcementOf(planId).readyAt, 0);
    }

    function test_announce_RevertWhen_NotOwner() public {
        address[3] memory others = [BOB, MINTER, GUARDIAN];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.NotOwner.selector, others[i]));
            vm.prank(others[i]);
            queue.announce(_plan(1, 2));
        }
    }

    function test_announce_followsTheCollectionsOwner() public {
        vm.prank(OWNER);
        chains[HOME].collection.transferOwnership(BOB);
        vm.prank(BOB);
        chains[HOME].collection.acceptOwnership();
        vm.prank(BOB);
        queue.announce(_plan(1, 2));
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.NotOwner.selector, OWNER));
        vm.prank(OWNER);
        queue.announce(_plan(3, 4));
    }

    function test_announce_RevertWhen_PlanIsEmpty() public {
        vm.expectRevert(IDelayedQueue.PlanEmpty.selector);
        vm.prank(OWNER);
        queue.announce(new QueuedCall[](0));
    }

    function test_announce_RevertWhen_ThePlanWaits_untilItExpires() public {
        bytes32 planId = _announce(_plan(1, 2));
        uint64 expiresAt = queue.announcementOf(planId).expiresAt;
        vm.warp(expiresAt);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDelayedQueue.PlanAlreadyAnnounced.selector, planId, expiresAt - queue.EXECUTION_WINDOW()
            )
        );
        vm.prank(OWNER);
        queue.announce(_plan(1, 2));

        vm.warp(expiresAt + 1);
        _announce(_plan(1, 2));
        assertEq(queue.announcementOf(planId).readyAt, expiresAt + 1 + DELAY);
    }

    function test_execute_RevertWhen_NeverAnnounced_orDoneBefore() public {
        QueuedCall[] memory calls = _plan(1, 2);
        bytes32 planId = queue.planIdOf(calls);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotAnnounced.selector, planId));
        queue.execute(calls);

        _announce(calls);
        vm.warp(block.timestamp + DELAY);
        queue.execute(calls);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotAnnounced.selector, planId));
        queue.execute(calls);
    }

    function test_execute_RevertWhen_OutsideItsWindow() public {
        QueuedCall[] memory calls = _plan(1, 2);
        bytes32 planId = _announce(calls);
        uint64 readyAt = queue.announcementOf(planId).readyAt;
        uint64 expiresAt = queue.announcementOf(planId).expiresAt;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotReady.selector, planId, readyAt));
        queue.execute(calls);

        vm.warp(expiresAt + 1);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanExpired.selector, planId, expiresAt));
        queue.execute(calls);

        vm.warp(expiresAt);
        queue.execute(calls);
        assertEq(listener.told(), 2);
    }

    function test_execute_RevertWhen_OneCallFails_andThePlanWaitsOn() public {
        QueuedCall[] memory calls = _plan(1, 0);
        bytes32 planId = _announce(calls);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(Listener.ZeroRefused.selector);
        queue.execute(calls);
        assertEq(listener.told(), 0);
        assertNotEq(queue.announcementOf(planId).readyAt, 0);
    }

    function test_withdraw_takesThePlanBack() public {
        QueuedCall[] memory calls = _plan(1, 2);
        bytes32 planId = _announce(calls);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.NotOwner.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        queue.withdraw(planId);

        vm.expectEmit(address(queue));
        emit IDelayedQueue.PlanWithdrawn(planId);
        vm.prank(OWNER);
        queue.withdraw(planId);
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotAnnounced.selector, planId));
        queue.execute(calls);
    }

    function test_withdraw_RevertWhen_NothingWaits() public {
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotAnnounced.selector, bytes32(0)));
        vm.prank(OWNER);
        queue.withdraw(bytes32(0));
    }

    function _announce(QueuedCall[] memory calls) private returns (bytes32) {
        vm.prank(OWNER);
        return queue.announce(calls);
    }

    function _plan(uint256 first, uint256 second) private view returns (QueuedCall[] memory calls) {
        calls = new QueuedCall[](2);
        calls[0] = QueuedCall(address(listener), abi.encodeCall(Listener.tell, (first)));
        calls[1] = QueuedCall(address(listener), abi.encodeCall(Listener.tell, (second)));
    }
}
