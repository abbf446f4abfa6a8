// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Gateway} from "../src/Gateway.sol";
import {Kind, Statement, Transport} from "../src/interfaces/IGateway.sol";
import {IGatewayUser} from "../src/interfaces/IGatewayUser.sol";
import {Arrival, ILanes, Status} from "../src/interfaces/ILanes.sol";
import {Limit} from "../src/interfaces/IRegistryFactory.sol";
import {ITransport} from "../src/interfaces/ITransport.sol";
import {Lanes} from "../src/Lanes.sol";
import {World} from "./support/World.sol";

/// @dev Who may do what to a lane, and to which.
contract LanesAccessTest is World {
    bytes32 private constant DIGEST = keccak256("digest");
    bytes32 private constant NOWHERE = keccak256("eip155:404");

    Lanes private lanes;
    bytes32 private home;
    bytes32 private base;

    function setUp() public override {
        super.setUp();
        vm.warp(1_800_000_000);
        _openAllLanes();
        home = chains[HOME].chainHash;
        base = chains[BASE].chainHash;
        lanes = _on(HOME).lanes;
    }

    function test_sendingAndArriving_RevertWhen_CallerIsNotTheGateway() public {
        Arrival memory arrival;
        bytes[6] memory calls = [
            abi.encodeCall(lanes.beginSend, (base, Transport.CCIP, Kind.WORKS, 1)),
            abi.encodeCall(lanes.rememberHandshake, (base, Transport.CCIP, DIGEST)),
            abi.encodeCall(lanes.admit, (arrival)),
            abi.encodeCall(lanes.markFailed, (DIGEST, base, 1)),
            abi.encodeCall(lanes.resume, (DIGEST, base, Status.FAILED, 0)),
            abi.encodeCall(lanes.hear, (base, Transport.CCIP, Kind.HELLO, DIGEST, 0))
        ];
        address[4] memory callers = [ALICE, OWNER, GUARDIAN, address(chains[HOME].queue)];
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                _expectRefusal(callers[j], calls[i], abi.encodeWithSelector(ILanes.NotGateway.selector, callers[j]));
            }
        }
    }

    function test_whatNeedsNotice_RevertWhen_CallerIsNotTheQueue() public {
        bytes[] memory calls = _queuedCalls(base);
        address[4] memory callers = [ALICE, OWNER, GUARDIAN, address(chains[HOME].gateway)];
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                _expectRefusal(callers[j], calls[i], abi.encodeWithSelector(IGatewayUser.NotQueue.selector, callers[j]));
            }
        }
    }

    function test_roles_RevertWhen_CallerHasNotTheRole() public {
        bytes[3] memory guardians = [
            abi.encodeCall(lanes.holdStatement, (DIGEST, 1)),
            abi.encodeCall(lanes.endHold, (DIGEST)),
            abi.encodeCall(lanes.raiseRequiredPolicy, (base, Transport.BOTH))
        ];
        address[3] memory others = [OWNER, OWNER, GUARDIAN];
        for (uint256 i = 0; i < guardians.length; ++i) {
            _expectRefusal(others[i], guardians[i], abi.encodeWithSelector(ILanes.Unauthorized.selector, others[i]));
            _expectRefusal(MINTER, guardians[i], abi.encodeWithSelector(ILanes.Unauthorized.selector, MINTER));
        }
        bytes memory refusal = abi.encodeWithSelector(ILanes.Unauthorized.selector, MINTER);
        _expectRefusal(MINTER, abi.encodeCall(lanes.pauseLane, (base, Transport.CCIP)), refusal);
        _expectRefusal(MINTER, abi.encodeCall(lanes.resumeLane, (base, Transport.CCIP)), refusal);
    }

    function test_lanes_RevertWhen_TheChainIsNoPeer() public {
        bytes memory refusal = abi.encodeWithSelector(ILanes.NotPeer.selector, NOWHERE);
        bytes[] memory calls = _queuedCalls(NOWHERE);
        for (uint256 i = 0; i < calls.length; ++i) {
            _expectRefusal(address(chains[HOME].queue), calls[i], refusal);
        }
        Arrival memory arrival;
        arrival.srcChainHash = NOWHERE;
        address gateway = address(chains[HOME].gateway);
        _expectRefusal(gateway, abi.encodeCall(lanes.admit, (arrival)), refusal);
        bytes memory begin = abi.encodeCall(lanes.beginSend, (NOWHERE, Transport.CCIP, Kind.HELLO, 0));
        _expectRefusal(gateway, begin, refusal);
        _expectRefusal(OWNER, abi.encodeCall(lanes.raiseRequiredPolicy, (NOWHERE, Transport.CCIP)), refusal);
        _expectRefusal(OWNER, abi.encodeCall(lanes.pauseLane, (NOWHERE, Transport.CCIP)), refusal);
        _expectRefusal(OWNER, abi.encodeCall(lanes.resumeLane, (NOWHERE, Transport.CCIP)), refusal);
        _expectRefusal(ALICE, abi.encodeCall(lanes.nextTo, (NOWHERE)), refusal);
    }

    function test_limitsTo_RevertWhen_ThereIsNoRoute() public {
        ITransport[2] memory transports = [ITransport(chains[HOME].ccip), ITransport(chains[HOME].layerZero)];
        for (uint256 i = 0; i < transports.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITransport.RouteUnknown.selector, NOWHERE));
            transports[i].limitsTo(NOWHERE);
        }
    }

    function test_epochsAndRetirement_RevertWhen_OnMirror() public {
        lanes = _on(BASE).lanes;
        bytes memory refusal = abi.encodeWithSelector(ILanes.NotHome.selector);
        address queue = address(chains[BASE].queue);
        _expectRefusal(queue, abi.encodeCall(lanes.raiseEpoch, (home)), refusal);
        _expectRefusal(queue, abi.encodeCall(lanes.retireChain, (home, DIGEST)), refusal);
    }

    function test_retireChain_RevertWhen_WithoutOwners_orTwice() public {
        address queue = address(chains[HOME].queue);
        bytes memory nobody = abi.encodeCall(lanes.retireChain, (base, 0));
        _expectRefusal(queue, nobody, abi.encodeWithSelector(ILanes.OwnersRootZero.selector));
        vm.prank(queue);
        lanes.retireChain(base, DIGEST);
        bytes memory again = abi.encodeCall(lanes.retireChain, (base, keccak256("others")));
        _expectRefusal(queue, again, abi.encodeWithSelector(ILanes.ChainRetired.selector, base));
        assertEq(lanes.ownersRootOf(base), DIGEST);
    }

    function test_resume_RevertWhen_TheChainIsRetired() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Mail memory held = _send(BASE, HOME, Transport.CCIP, workId, ALICE, ALICE);
        vm.prank(GUARDIAN);
        _on(HOME).lanes.holdStatement(held.digest, 1);
        _deliver(held);
        vm.prank(address(chains[HOME].queue));
        lanes.retireChain(base, DIGEST);
        vm.warp(block.timestamp + 1);
        Gateway gateway = chains[HOME].gateway;
        vm.expectRevert(abi.encodeWithSelector(ILanes.ChainRetired.selector, base));
        gateway.releaseStatement(held.message);
    }

    function test_setPeerGateway_RevertWhen_Nobody() public {
        bytes memory nobody = abi.encodeCall(lanes.setPeerGateway, (base, 0));
        _expectRefusal(address(chains[HOME].queue), nobody, abi.encodeWithSelector(ILanes.NotPeer.selector, base));
    }

    function test_hold_hasAnEnd_andMayEndEarly_once() public {
        bytes memory notHeld = abi.encodeWithSelector(ILanes.NotHeld.selector, DIGEST);
        bytes memory forNoTime = abi.encodeCall(lanes.holdStatement, (DIGEST, 0));
        _expectRefusal(GUARDIAN, forNoTime, abi.encodeWithSelector(ILanes.HoldTooLong.selector, 0));
        _expectRefusal(GUARDIAN, abi.encodeCall(lanes.endHold, (DIGEST)), notHeld);
        vm.startPrank(GUARDIAN);
        lanes.holdStatement(DIGEST, 60);
        vm.warp(block.timestamp + 59);
        vm.expectEmit(address(lanes));
        emit ILanes.HoldEnded(DIGEST);
        lanes.endHold(DIGEST);
        vm.stopPrank();
        assertEq(lanes.heldUntil(DIGEST), block.timestamp);
        _expectRefusal(GUARDIAN, abi.encodeCall(lanes.endHold, (DIGEST)), notHeld);
    }

    function test_raiseRequiredPolicy_RevertWhen_ItIsInForce() public {
        vm.prank(OWNER);
        lanes.raiseRequiredPolicy(base, Transport.CCIP);
        bytes memory again = abi.encodeCall(lanes.raiseRequiredPolicy, (base, Transport.CCIP));
        bytes memory refusal = abi.encodeWithSelector(ILanes.PolicyNotRaised.selector, Transport.CCIP, Transport.CCIP);
        _expectRefusal(OWNER, again, refusal);
    }

    function test_pause_isOfEachTransportByItself() public {
        vm.prank(GUARDIAN);
        lanes.pauseLane(base, Transport.LAYER_ZERO);
        bytes memory refusal = abi.encodeWithSelector(ILanes.LaneIsPaused.selector, base, Transport.LAYER_ZERO);
        bytes memory overLayerZero = abi.encodeCall(lanes.beginSend, (base, Transport.LAYER_ZERO, Kind.STATE, 0));
        _expectRefusal(address(chains[HOME].gateway), overLayerZero, refusal);
        bytes memory overBoth = abi.encodeCall(lanes.beginSend, (base, Transport.BOTH, Kind.STATE, 0));
        _expectRefusal(address(chains[HOME].gateway), overBoth, refusal);
        vm.prank(address(chains[HOME].gateway));
        lanes.beginSend(base, Transport.CCIP, Kind.STATE, 0);
    }

    function test_handshakes_RevertWhen_TheyNameMoreThanOneTransport() public {
        Gateway gateway = chains[HOME].gateway;
        vm.expectRevert(abi.encodeWithSelector(ILanes.PolicyUnknown.selector, 3));
        gateway.openLane{value: 1 ether}(base, Transport.BOTH);

        Arrival memory arrival = _arrivalFromBase(Kind.ECHO, 1);
        arrival.minPolicy = 3;
        bytes memory refusal = abi.encodeWithSelector(ILanes.PolicyNotMet.selector, 3, Transport.CCIP);
        _expectRefusal(address(gateway), abi.encodeCall(lanes.admit, (arrival)), refusal);
        arrival = _arrivalFromBase(Kind.WORKS, 1);
        arrival.minPolicy = 7;
        refusal = abi.encodeWithSelector(ILanes.PolicyNotMet.selector, 7, Transport.CCIP);
        _expectRefusal(address(gateway), abi.encodeCall(lanes.admit, (arrival)), refusal);
    }

    function test_epoch_isHomesToRaise_andNeverFallsBack() public {
        address gateway = address(chains[HOME].gateway);
        bytes memory refusal = abi.encodeWithSelector(ILanes.EpochMismatch.selector, 1, 2);
        _expectRefusal(gateway, abi.encodeCall(lanes.admit, (_arrivalFromBase(Kind.HELLO, 2))), refusal);

        vm.prank(address(chains[HOME].queue));
        lanes.raiseEpoch(base);
        Mail memory hello = _sendHello(BASE, Transport.CCIP);
        Statement memory earlier = _statementOf(hello);
        _deliver(hello);
        (earlier.laneEpoch, earlier.nonce) = (1, earlier.nonce + 1);
        Gateway mirror = _on(BASE).gateway;
        vm.prank(address(chains[BASE].ccip));
        vm.expectRevert(abi.encodeWithSelector(ILanes.EpochMismatch.selector, 2, 1));
        mirror.deliver(home, abi.encode(earlier));
    }

    function _arrivalFromBase(Kind kind, uint32 epoch) private view returns (Arrival memory arrival) {
        arrival.digest = DIGEST;
        arrival.srcChainHash = base;
        arrival.srcGateway = _bytes32(address(chains[BASE].gateway));
        arrival.dstGateway = _bytes32(address(chains[HOME].gateway));
        arrival.nonce = 1000;
        arrival.laneEpoch = epoch;
        arrival.kind = kind;
        arrival.minPolicy = 1;
        arrival.transport = Transport.CCIP;
    }

    function _queuedCalls(bytes32 chainHash) private view returns (bytes[] memory calls) {
        calls = new bytes[](5);
        calls[0] = abi.encodeCall(lanes.setLimit, (chainHash, true, Limit(1, 1)));
        calls[1] = abi.encodeCall(lanes.voidStatement, (chainHash, 77, DIGEST));
        calls[2] = abi.encodeCall(lanes.raiseEpoch, (chainHash));
        calls[3] = abi.encodeCall(lanes.retireChain, (chainHash, DIGEST));
        calls[4] = abi.encodeCall(lanes.setPeerGateway, (chainHash, DIGEST));
    }

    function _expectRefusal(address caller, bytes memory data, bytes memory refusal) private {
        vm.prank(caller);
        (bool done, bytes memory reason) = address(lanes).call(data);
        assertFalse(done);
        assertEq(reason, refusal);
    }
}
