// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Collection} from "../src/Collection.sol";
import {DelayedQueue} from "../src/DelayedQueue.sol";
import {IDelayedQueue, QueuedCall} from "../src/interfaces/IDelayedQueue.sol";
import {World} from "./support/World.sol";

/// @dev A registry that OpenZeppelin's TimelockController owns: what is prepared for its owner is scheduled, and executed
/// by anyone after the delay.
contract TimelockOwnerTest is World {
    uint256 private constant DELAY = 3 days;
    address private constant PROPOSER = address(0xB0A2D);

    TimelockController private timelock;
    Collection private collection;
    DelayedQueue private queue;

    function setUp() public override {
        super.setUp();
        vm.warp(1_800_000_000);
        collection = _on(HOME).collection;
        queue = _on(HOME).queue;
        address[] memory proposers = new address[](1);
        proposers[0] = PROPOSER;
        address[] memory anyone = new address[](1);
        timelock = new TimelockController(DELAY, proposers, anyone, address(0));
        vm.prank(OWNER);
        collection.transferOwnership(address(timelock));
        _make(address(collection), abi.encodeCall(collection.acceptOwnership, ()));
    }

    function test_owner_isTheTimelock_onceItHasAccepted() public view {
        assertEq(collection.owner(), address(timelock));
    }

    function test_roles_areGivenByTheTimelock_andByNobodyElse() public {
        _make(address(collection), abi.encodeCall(collection.setMinter, (BOB)));
        assertEq(collection.minter(), BOB);
        address[3] memory others = [OWNER, PROPOSER, MINTER];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, others[i]));
            vm.prank(others[i]);
            collection.setMinter(others[i]);
        }
    }

    function test_roles_RevertWhen_TheDelayIsNotOver() public {
        bytes memory data = abi.encodeCall(collection.setMinter, (BOB));
        vm.prank(PROPOSER);
        timelock.schedule(address(collection), 0, data, 0, 0, DELAY);
        vm.warp(block.timestamp + DELAY - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        timelock.execute(address(collection), 0, data, 0, 0);
        assertEq(collection.minter(), MINTER);
    }

    function test_announce_byTheTimelock_runsTheQueuesOwnDelayAfterIt() public {
        QueuedCall[] memory calls = new QueuedCall[](1);
        calls[0] = QueuedCall(address(collection), abi.encodeCall(collection.setGuardian, (BOB)));
        _make(address(queue), abi.encodeCall(queue.announce, (calls)));
        bytes32 planId = keccak256(abi.encode(calls));
        uint64 readyAt = queue.announcementOf(planId).readyAt;
        assertGt(readyAt, block.timestamp);
        vm.expectPartialRevert(IDelayedQueue.PlanNotReady.selector);
        queue.execute(calls);
        vm.warp(readyAt);
        queue.execute(calls);
        assertEq(collection.guardian(), BOB);
    }

    function test_ownership_passesOnFromTheTimelock() public {
        _make(address(collection), abi.encodeCall(collection.transferOwnership, (BOB)));
        vm.prank(BOB);
        collection.acceptOwnership();
        assertEq(collection.owner(), BOB);
    }

    /// @dev Has the timelock make a call, as its proposer and then anyone do.
    function _make(address target, bytes memory data) private {
        vm.prank(PROPOSER);
        timelock.schedule(target, 0, data, 0, 0, DELAY);
        vm.warp(block.timestamp + DELAY);
        vm.prank(BOB);
        timelock.execute(target, 0, data, 0, 0);
    }
}
