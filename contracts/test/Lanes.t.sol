// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IDelayedQueue, QueuedCall} from "../src/interfaces/IDelayedQueue.sol";
import {Gateway} from "../src/Gateway.sol";
import {IGateway, Kind, SendRequest, Statement, Transport} from "../src/interfaces/IGateway.sol";
import {ICollection} from "../src/interfaces/ICollection.sol";
import {IGatewayUser} from "../src/interfaces/IGatewayUser.sol";
import {ILanes, Status} from "../src/interfaces/ILanes.sol";
import {ITransport} from "../src/interfaces/ITransport.sol";
import {ILayerZeroTransport} from "../src/interfaces/ILayerZeroTransport.sol";
import {Limit} from "../src/interfaces/IRegistryFactory.sol";
import {WorkPayload, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {Lanes} from "../src/Lanes.sol";
import {World} from "./support/World.sol";

/// @dev The rules of lanes as a registry sees them: through its Gateway, its queue and its roles.
contract LanesTest is World {
    uint256 private workId;
    bytes32 private home;
    bytes32 private base;

    function setUp() public override {
        super.setUp();
        vm.warp(1_800_000_000);
        _openAllLanes();
        workId = _mint(ALICE, keccak256("document"));
        home = chains[HOME].chainHash;
        base = chains[BASE].chainHash;
    }

    function test_both_appliesOnce_bySecondTransport_inEitherOrder() public {
        for (uint256 order = 0; order < 2; ++order) {
            uint256 id = _mint(ALICE, keccak256(abi.encode(order)));
            (Mail memory ccip, Mail memory layerZero) = _sendBoth(id);
            (Mail memory first, Mail memory second) = order == 0 ? (ccip, layerZero) : (layerZero, ccip);
            vm.recordLogs();
            _deliver(first);
            assertEq(_countLogs(IGateway.StatementAttested.selector), 1);
            assertFalse(chains[BASE].lanes.isConsumed(home, first.nonce));
            vm.recordLogs();
            _deliver(second);
            assertEq(_countLogs(IGateway.StatementApplied.selector), 1);
            assertEq(chains[BASE].collection.ownerOf(id), ALICE);
        }
    }

    function test_both_withAnotherDigestOnOneTransport_isDisputed_andOnlyVoided() public {
        (Mail memory ccip, Mail memory layerZero) = _sendBoth(workId);
        _deliver(ccip);
        Statement memory statement = _statementOf(layerZero);
        statement.payload = abi.encodePacked(statement.payload, uint256(0));
        vm.recordLogs();
        _deliverDirectly(BASE, Transport.LAYER_ZERO, statement);
        assertEq(_countLogs(IGateway.StatementDisputed.selector), 1);
        vm.recordLogs();
        _deliver(layerZero);
        assertEq(_countLogs(IGateway.StatementRepeated.selector), 1);

        _void(BASE, HOME, ccip.nonce, ccip.digest);
        _deliver(_sendVoid(BASE, HOME, Transport.CCIP, ccip.message));
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
    }

    function test_requiredPolicy_isOnlyRaised_andRefusesWhatHasLess() public {
        Mail memory early = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Lanes lanes = _on(BASE).lanes;
        vm.expectRevert(abi.encodeWithSelector(ILanes.Unauthorized.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        lanes.raiseRequiredPolicy(home, Transport.BOTH);
        vm.startPrank(OWNER);
        lanes.raiseRequiredPolicy(home, Transport.LAYER_ZERO);
        vm.expectRevert(abi.encodeWithSelector(ILanes.PolicyNotRaised.selector, Transport.LAYER_ZERO, Transport.CCIP));
        lanes.raiseRequiredPolicy(home, Transport.CCIP);
        lanes.raiseRequiredPolicy(home, Transport.BOTH);
        vm.stopPrank();
        (bool done,) = _deliverByCcip(early, _gasLimitOf(early));
        assertFalse(done);

        vm.prank(OWNER);
        _on(HOME).lanes.raiseRequiredPolicy(base, Transport.BOTH);
        SendRequest memory request = _request(BASE, Transport.CCIP, _mint(ALICE, keccak256("late")), 0, ALICE);
        Gateway gateway = chains[HOME].gateway;
        vm.expectRevert(abi.encodeWithSelector(ILanes.PolicyTooWeak.selector, Transport.BOTH, Transport.CCIP));
        vm.prank(ALICE);
        gateway.sendWorks{value: 1 ether}(request);
    }

    function test_pause_stopsSends_untilResumed() public {
        Lanes lanes = _on(HOME).lanes;
        vm.expectRevert(abi.encodeWithSelector(ILanes.Unauthorized.selector, ALICE));
        vm.prank(ALICE);
        lanes.pauseLane(base, Transport.CCIP);
        vm.prank(GUARDIAN);
        lanes.pauseLane(base, Transport.CCIP);
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        Gateway gateway = chains[HOME].gateway;
        vm.expectRevert(abi.encodeWithSelector(ILanes.LaneIsPaused.selector, base, Transport.CCIP));
        vm.prank(ALICE);
        gateway.sendWorks{value: 1 ether}(request);
        vm.prank(OWNER);
        lanes.resumeLane(base, Transport.CCIP);
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
    }

    function test_hold_keepsAnArrival_thenAnyoneReleasesIt() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Lanes lanes = _on(BASE).lanes;
        vm.expectRevert(abi.encodeWithSelector(ILanes.Unauthorized.selector, OWNER));
        vm.prank(OWNER);
        lanes.holdStatement(mail.digest, 1 hours);
        vm.startPrank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(ILanes.HoldTooLong.selector, uint64(72 hours + 1)));
        lanes.holdStatement(mail.digest, 72 hours + 1);
        lanes.holdStatement(mail.digest, 72 hours);
        vm.expectRevert(abi.encodeWithSelector(ILanes.AlreadyHeld.selector, mail.digest));
        lanes.holdStatement(mail.digest, 1);
        vm.stopPrank();
        vm.recordLogs();
        _deliver(mail);
        assertEq(_countLogs(IGateway.StatementHeld.selector), 1);
        Gateway gateway = chains[BASE].gateway;
        uint64 until = lanes.heldUntil(mail.digest);
        vm.expectRevert(abi.encodeWithSelector(ILanes.StatementOnHold.selector, mail.digest, until));
        gateway.releaseStatement(mail.message);
        vm.warp(until);
        gateway.releaseStatement(mail.message);
        assertEq(chains[BASE].collection.ownerOf(workId), ALICE);
        vm.expectRevert(abi.encodeWithSelector(ILanes.StatementNotWaiting.selector, mail.digest, Status.NONE));
        gateway.releaseStatement(mail.message);
    }

    function test_limits_refuseSends_andKeepArrivals_untilTheBucketFills() public {
        _execute(HOME, _plan(address(chains[HOME].lanes), abi.encodeCall(ILanes.setLimit, (base, false, Limit(2, 1)))));
        _execute(BASE, _plan(address(chains[BASE].lanes), abi.encodeCall(ILanes.setLimit, (home, true, Limit(1, 1)))));
        assertEq(abi.encode(chains[HOME].lanes.limitOf(base, false)), abi.encode(Limit(2, 1)));
        assertEq(abi.encode(chains[BASE].lanes.limitOf(home, true)), abi.encode(Limit(1, 1)));
        assertEq(abi.encode(chains[BASE].lanes.limitOf(home, false)), abi.encode(Limit(0, 0)));
        Mail memory first = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Mail memory second = _send(HOME, BASE, Transport.CCIP, _mint(ALICE, keccak256("second")), ALICE, ALICE);
        SendRequest memory request = _request(BASE, Transport.CCIP, _mint(ALICE, keccak256("third")), 0, ALICE);
        Gateway gateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(ILanes.LimitExceeded.selector, base, 1, 0));
        vm.prank(ALICE);
        gateway.sendWorks{value: 1 ether}(request);

        _deliver(first);
        _deliver(second);
        assertEq(uint8(chains[BASE].lanes.statusOf(second.digest)), uint8(Status.WAITING));
        Gateway mirror = _on(BASE).gateway;
        vm.warp(block.timestamp + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ILanes.LimitExceeded.selector, home, 1, 0));
        mirror.releaseStatement(second.message);
        vm.warp(block.timestamp + 1);
        mirror.releaseStatement(second.message);
        assertEq(chains[BASE].collection.balanceOf(ALICE), 2);
    }

    function test_void_givesALostWorkBack_once_andTheMessageNeverArrives() public {
        Mail memory lost = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        Gateway mirror = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.StatementNotVoided.selector, lost.digest));
        mirror.sendVoid{value: 1 ether}(lost.message, Transport.LAYER_ZERO);
        _void(BASE, HOME, lost.nonce, lost.digest);
        vm.prank(GUARDIAN);
        _on(BASE).lanes.pauseLane(home, Transport.LAYER_ZERO);
        Mail memory first = _sendVoid(BASE, HOME, Transport.LAYER_ZERO, lost.message);
        _deliver(first);
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
        vm.recordLogs();
        _deliver(lost);
        assertEq(_countLogs(IGateway.StatementRepeated.selector), 1);

        // A second void, after the work left again, gives nothing back.
        Mail memory again = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        _deliver(_sendVoid(BASE, HOME, Transport.CCIP, lost.message));
        _deliver(again);
        assertEq(chains[BASE].collection.ownerOf(workId), BOB);
        assertEq(chains[HOME].collection.legOf(workId).holder, address(0));
    }

    /// @dev Whoever runs the destination could make up an original for an undelivered nonce.
    function test_void_ofAStatementThatNobodyMade_givesNothingBack() public {
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Mail memory real = _sendHello(BASE, Transport.CCIP);
        Statement memory forged = _statementOf(real);
        forged.kind = Kind.WORKS;
        forged.payload = _payloadNamingHolder(BOB);
        bytes memory message = abi.encode(forged);
        _void(BASE, HOME, forged.nonce, chains[BASE].gateway.digestOf(message));
        _deliver(_sendVoid(BASE, HOME, Transport.CCIP, message));
        assertEq(chains[HOME].collection.legOf(workId).holder, address(0));
        assertEq(chains[BASE].collection.ownerOf(workId), ALICE);
    }

    function test_void_RevertWhen_Applied_orNotTheQueue() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _deliver(mail);
        Lanes lanes = chains[BASE].lanes;
        vm.expectRevert(abi.encodeWithSelector(IGatewayUser.NotQueue.selector, OWNER));
        vm.prank(OWNER);
        lanes.voidStatement(home, mail.nonce, mail.digest);
        vm.expectRevert(abi.encodeWithSelector(ILanes.NonceNotVoidable.selector, home, mail.nonce));
        vm.prank(address(chains[BASE].queue));
        lanes.voidStatement(home, mail.nonce, mail.digest);
    }

    function test_epoch_needsANewRoundTrip_andRefusesTheOld() public {
        Mail memory old = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _execute(HOME, _plan(address(chains[HOME].lanes), abi.encodeCall(ILanes.raiseEpoch, (base))));
        assertFalse(chains[HOME].gateway.laneOf(base, Transport.CCIP).open);
        _openLane(BASE, Transport.CCIP);
        assertTrue(chains[BASE].gateway.laneOf(home, Transport.CCIP).open);
        assertFalse(chains[BASE].gateway.laneOf(home, Transport.LAYER_ZERO).open);
        (bool done,) = _deliverByCcip(old, _gasLimitOf(old));
        assertFalse(done);
        _void(BASE, HOME, old.nonce, old.digest);
        _deliver(_sendVoid(BASE, HOME, Transport.CCIP, old.message));
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
    }

    function test_retirement_closesTheChain_andItsLastOwnersClaim() public {
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Mail memory late = _send(BASE, HOME, Transport.CCIP, workId, ALICE, BOB);
        bytes32 root = keccak256(bytes.concat(keccak256(abi.encode(base, workId, ALICE))));
        _execute(HOME, _plan(address(chains[HOME].lanes), abi.encodeCall(ILanes.retireChain, (base, root))));
        (bool done,) = _deliverByCcip(late, _gasLimitOf(late));
        assertFalse(done);
        Gateway gateway = _on(HOME).gateway;
        bytes32[] memory proof = new bytes32[](0);
        vm.expectRevert(abi.encodeWithSelector(IGateway.ClaimUnproven.selector, base, workId, BOB));
        gateway.claimRetired(base, workId, BOB, proof);
        gateway.claimRetired(base, workId, ALICE, proof);
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
        vm.expectRevert();
        gateway.claimRetired(base, workId, ALICE, proof);
        vm.expectRevert(abi.encodeWithSelector(ILanes.ChainRetired.selector, base));
        gateway.openLane{value: 1 ether}(base, Transport.CCIP);
    }

    function test_replacement_takesWhatWasAddressedToThePredecessor_once() public {
        Mail memory inFlight = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _on(BASE);
        Gateway successor = new Gateway(_deployment(BASE));
        QueuedCall[] memory calls = new QueuedCall[](4);
        address[4] memory users = [
            address(chains[BASE].collection),
            address(chains[BASE].lanes),
            address(chains[BASE].ccip),
            address(chains[BASE].layerZero)
        ];
        for (uint256 i = 0; i < 4; ++i) {
            calls[i] = QueuedCall(users[i], abi.encodeCall(IGatewayUser.setGateway, (address(successor))));
        }
        assertEq(chains[BASE].queue.delayOf(calls), 14 days);
        _execute(BASE, calls);
        chains[BASE].gateway = successor;
        _deliver(inFlight);
        assertEq(chains[BASE].collection.ownerOf(workId), ALICE);
        vm.recordLogs();
        _deliver(inFlight);
        assertEq(_countLogs(IGateway.StatementRepeated.selector), 1);

        // Home takes statements of the successor once it knows of it.
        bytes memory peer = abi.encodeCall(ILanes.setPeerGateway, (base, _bytes32(address(successor))));
        _execute(HOME, _plan(address(chains[HOME].lanes), peer));
        _move(BASE, HOME, Transport.CCIP, workId, ALICE, BOB);
        assertEq(chains[HOME].collection.ownerOf(workId), BOB);
    }

    function test_setGateway_RevertWhen_CallerIsNotTheQueue() public {
        address[4] memory users = [
            address(_on(HOME).collection),
            address(chains[HOME].lanes),
            address(chains[HOME].ccip),
            address(chains[HOME].layerZero)
        ];
        address[3] memory callers = [ALICE, chains[HOME].collection.owner(), address(chains[HOME].gateway)];
        for (uint256 i = 0; i < users.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                vm.prank(callers[j]);
                vm.expectRevert(abi.encodeWithSelector(IGatewayUser.NotQueue.selector, callers[j]));
                IGatewayUser(users[i]).setGateway(callers[j]);
            }
        }
    }

    function test_veto_isTheGuardians_andOnlyOfReplacements() public {
        _checkVeto(_plan(address(chains[HOME].lanes), abi.encodeCall(IGatewayUser.setGateway, (ALICE))));
        _checkVeto(_plan(address(chains[HOME].collection), abi.encodeCall(ICollection.setGuardian, (ALICE))));
    }

    function _checkVeto(QueuedCall[] memory replacing) private {
        QueuedCall[] memory other = _plan(address(chains[HOME].lanes), abi.encodeCall(ILanes.raiseEpoch, (base)));
        IDelayedQueue queue = _on(HOME).queue;
        assertEq(queue.delayOf(replacing), 14 days);
        vm.startPrank(OWNER);
        queue.announce(replacing);
        bytes32 otherId = queue.announce(other);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.NotGuardian.selector, OWNER));
        queue.veto(replacing);
        vm.stopPrank();
        vm.startPrank(GUARDIAN);
        queue.veto(replacing);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotAnnounced.selector, queue.planIdOf(replacing)));
        queue.veto(replacing);
        vm.expectRevert(abi.encodeWithSelector(IDelayedQueue.PlanNotVetoable.selector, otherId));
        queue.veto(other);
        vm.stopPrank();
        vm.prank(OWNER);
        queue.withdraw(otherId);
        assertEq(queue.announcementOf(queue.planIdOf(replacing)).readyAt, 0);
    }

    function test_layerZero_runsOnTheManifestsLibraries_andTheQueueMayOnlyConfigure() public {
        for (uint256 i = 0; i < 2; ++i) {
            Network storage chain = chains[i];
            uint32 eid = chains[1 - i].lzEid;
            assertEq(chain.endpoint.getSendLibrary(address(chain.layerZero), eid), chain.sendLibrary);
            (address library_, bool isDefault) = chain.endpoint.getReceiveLibrary(address(chain.layerZero), eid);
            assertEq(library_, chain.receiveLibrary);
            assertFalse(isDefault);
        }
        ILayerZeroTransport transport = ILayerZeroTransport(address(_on(HOME).layerZero));
        bytes memory takeOver = abi.encodeWithSignature("setDelegate(address)", ALICE);
        vm.expectRevert(abi.encodeWithSelector(IGatewayUser.NotQueue.selector, OWNER));
        vm.prank(OWNER);
        transport.callEndpoint(takeOver);
        vm.startPrank(address(chains[HOME].queue));
        vm.expectRevert(abi.encodeWithSelector(ILayerZeroTransport.NotConfiguration.selector, bytes4(takeOver)));
        transport.callEndpoint(takeOver);
        transport.callEndpoint(
            abi.encodeWithSignature(
                "setSendLibrary(address,uint32,address)", transport, chains[BASE].lzEid, chains[HOME].lzLibrary
            )
        );
        vm.stopPrank();
        assertEq(chains[HOME].endpoint.getSendLibrary(address(transport), chains[BASE].lzEid), chains[HOME].lzLibrary);
    }

    function test_batch_ofTheMostWorks_travelsInOneStatement() public {
        uint256 most = chains[HOME].gateway.maxWorksTo(base, Transport.BOTH);
        SendRequest memory request;
        request.dstChainHash = base;
        request.transport = Transport.CCIP;
        request.works = new WorkSend[](most);
        for (uint256 i = 0; i < most; ++i) {
            uint256 id = _mint(ALICE, keccak256(abi.encode("batch", i)));
            request.works[i] = WorkSend(id, documentOf[id], _seedOf(id), 0, _bytes32(ALICE), _bytes32(BOB));
        }
        Gateway gateway = _on(HOME).gateway;
        vm.recordLogs();
        vm.prank(ALICE);
        gateway.sendWorks{value: 1 ether}(request);
        Mail memory mail = _posted(HOME, BASE);
        _coolDestination(mail);
        _deliver(mail);
        assertEq(chains[BASE].collection.balanceOf(ALICE), most);
    }

    function _payloadNamingHolder(address holder) private view returns (bytes memory) {
        WorkPayload[] memory works = new WorkPayload[](1);
        works[0].workId = workId;
        works[0].documentHash = documentOf[workId];
        works[0].seed = _seedOf(workId);
        works[0].hop = 1;
        works[0].to = _bytes32(holder);
        works[0].fallbackTo = _bytes32(holder);
        works[0].holder = _bytes32(holder);
        return abi.encode(works);
    }

    function test_both_RevertWhen_TheMoneyDoesNotPayForCcip() public {
        SendRequest memory request = _request(BASE, Transport.BOTH, workId, 0, ALICE);
        Gateway gateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(ITransport.InsufficientFee.selector, 0.001 ether, 1));
        vm.prank(ALICE);
        gateway.sendWorks{value: 1}(request);
    }

    /// @dev A price for what can never leave would only be found out by paying it.
    function test_quoteWorks_RevertWhen_TheyCouldNotBeSent() public {
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, address(0));
        Gateway gateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.InvalidRecipient.selector, bytes32(0)));
        gateway.quoteWorks(request);
        request.works = new WorkSend[](0);
        vm.expectPartialRevert(IGateway.WorksPerStatement.selector);
        gateway.quoteWorks(request);
    }

    function test_sendLicence_RevertWhen_TheRegistryHasNone() public {
        Gateway gateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.KindUnknown.selector, Kind.LICENCE));
        gateway.sendLicence{value: 1 ether}(base, Transport.CCIP, 0);
    }

    function _sendBoth(uint256 id) private returns (Mail memory ccip, Mail memory layerZero) {
        SendRequest memory request = _request(BASE, Transport.BOTH, id, 0, ALICE);
        Gateway gateway = _on(HOME).gateway;
        (uint256 feeWei,,) = gateway.quoteWorks(request);
        uint256 before = ALICE.balance;
        vm.recordLogs();
        vm.prank(ALICE);
        gateway.sendWorks{value: feeWei + 1 ether}(request);
        assertEq(before - ALICE.balance, feeWei);
        Mail[2] memory mails = _postedBoth(HOME, BASE);
        (ccip, layerZero) = (mails[0], mails[1]);
        assertEq(uint8(ccip.transport), uint8(Transport.CCIP));
        assertEq(uint8(layerZero.transport), uint8(Transport.LAYER_ZERO));
        assertEq(ccip.digest, layerZero.digest);
    }

    function _sendVoid(
        uint256 src,
        uint256 dst,
        Transport transport,
        bytes memory message
    ) private returns (Mail memory) {
        vm.recordLogs();
        _on(src).gateway.sendVoid{value: 1 ether}(message, transport);
        return _posted(src, dst);
    }

    function _void(uint256 here, uint256 src, uint64 nonce, bytes32 digest) private {
        bytes memory data = abi.encodeCall(ILanes.voidStatement, (chains[src].chainHash, nonce, digest));
        QueuedCall[] memory calls = _plan(address(chains[here].lanes), data);
        assertEq(chains[here].queue.delayOf(calls), 24 hours);
        _execute(here, calls);
    }

    function _deliverDirectly(uint256 dst, Transport transport, Statement memory statement) private {
        Gateway gateway = _on(dst).gateway;
        vm.prank(gateway.transportAt(transport));
        gateway.deliver(statement.srcChainHash, abi.encode(statement));
    }
}
