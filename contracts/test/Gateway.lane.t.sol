// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Gateway} from "../src/Gateway.sol";
import {IGateway, Kind, SendRequest, Transport} from "../src/interfaces/IGateway.sol";
import {ILanes} from "../src/interfaces/ILanes.sol";
import {World} from "./support/World.sol";

contract GatewayLaneTest is World {
    function test_handshake_opensBothSides_perTransport() public {
        _deliver(_sendHello(BASE, Transport.CCIP));
        assertFalse(_isOpen(BASE, HOME, Transport.CCIP));
        _deliver(_sendEcho(BASE, Transport.CCIP));
        assertTrue(_isOpen(HOME, BASE, Transport.CCIP));
        assertFalse(_isOpen(BASE, HOME, Transport.CCIP));
        _deliver(_sendConfirm(BASE, Transport.CCIP));
        assertTrue(_isOpen(BASE, HOME, Transport.CCIP));

        assertFalse(_isOpen(HOME, BASE, Transport.LAYER_ZERO));
        assertFalse(_isOpen(HOME, MOONBEAM, Transport.CCIP));
    }

    function test_handshake_emitsLaneOpenedOnceEachSide_howeverOftenItIsRepeated() public {
        Mail memory firstHello = _sendHello(BASE, Transport.CCIP);
        Mail memory secondHello = _sendHello(BASE, Transport.CCIP);
        _deliver(secondHello);
        Mail memory firstEcho = _sendEcho(BASE, Transport.CCIP);
        _deliver(firstHello);
        Mail memory secondEcho = _sendEcho(BASE, Transport.CCIP);

        assertEq(_lanesOpenedBy(firstEcho), 1);
        assertEq(_lanesOpenedBy(secondEcho), 0);
        Mail memory firstConfirm = _sendConfirm(BASE, Transport.CCIP);
        Mail memory secondConfirm = _sendConfirm(BASE, Transport.CCIP);
        assertEq(_lanesOpenedBy(secondConfirm), 1);
        assertEq(_lanesOpenedBy(firstConfirm), 0);
    }

    function test_sendWorks_RevertWhen_LaneIsNotOpen() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        _deliver(_sendHello(BASE, Transport.CCIP));
        _openLane(BASE, Transport.LAYER_ZERO);
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        bytes memory refusal =
            abi.encodeWithSelector(ILanes.LaneNotOpen.selector, chains[BASE].chainHash, Transport.CCIP);
        Gateway home = _on(HOME).gateway;
        vm.expectRevert(refusal);
        vm.prank(ALICE);
        home.sendWorks{value: 1 ether}(request);

        vm.prank(GUARDIAN);
        chains[HOME].collection.freeze(workId);
        vm.expectRevert(refusal);
        home.sendState{value: 1 ether}(request.dstChainHash, Transport.CCIP, workId);
    }

    function test_works_mayArriveBeforeTheConfirm() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        _deliver(_sendHello(BASE, Transport.CCIP));
        _deliver(_sendEcho(BASE, Transport.CCIP));
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        assertEq(chains[BASE].collection.ownerOf(workId), ALICE);
    }

    function test_echo_failsWhen_ItAnswersAnotherTransportsHello() public {
        _deliver(_sendHello(BASE, Transport.CCIP));
        Mail memory echo = _sendEcho(BASE, Transport.CCIP);
        // As if the mirror had answered over LayerZero.
        bytes memory payload = _statementOf(echo).payload;
        Mail memory forged = _forge(BASE, HOME, Transport.LAYER_ZERO, Kind.ECHO, 1000, payload);
        _deliver(forged);
        assertFalse(_isOpen(HOME, BASE, Transport.LAYER_ZERO));
        assertTrue(_isFailed(forged));
    }

    function test_handshake_kindsAreRefusedOnTheWrongSide() public {
        bytes memory payload = abi.encode(_sendHello(BASE, Transport.CCIP).digest);
        Mail[3] memory mails = [
            _forge(BASE, HOME, Transport.CCIP, Kind.HELLO, 1000, ""),
            _forge(BASE, HOME, Transport.CCIP, Kind.CONFIRM, 1001, payload),
            _forge(HOME, BASE, Transport.CCIP, Kind.ECHO, 1002, payload)
        ];
        for (uint256 i = 0; i < mails.length; ++i) {
            _deliver(mails[i]);
            assertTrue(_isFailed(mails[i]));
        }
        assertFalse(_isOpen(HOME, BASE, Transport.CCIP));
        assertEq(chains[HOME].gateway.laneOf(chains[BASE].chainHash, Transport.CCIP).heardDigest, 0);
    }

    function test_answer_RevertWhen_NothingWasHeard() public {
        bytes32 home = chains[HOME].chainHash;
        bytes32 base = chains[BASE].chainHash;
        Gateway mirrorGateway = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NothingToAnswer.selector, home, Transport.CCIP));
        mirrorGateway.answerLane{value: 1 ether}(home, Transport.CCIP);

        Gateway homeGateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NothingToAnswer.selector, base, Transport.CCIP));
        homeGateway.confirmLane{value: 1 ether}(base, Transport.CCIP);
    }

    function test_handshake_RevertWhen_BegunOrAnsweredByTheWrongSide() public {
        _openLane(BASE, Transport.CCIP);
        bytes32 home = chains[HOME].chainHash;
        bytes32 base = chains[BASE].chainHash;
        Gateway mirrorGateway = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotHome.selector, base));
        mirrorGateway.openLane{value: 1 ether}(home, Transport.CCIP);
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotHome.selector, base));
        mirrorGateway.confirmLane{value: 1 ether}(home, Transport.CCIP);

        Gateway homeGateway = _on(HOME).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NothingToAnswer.selector, base, Transport.CCIP));
        homeGateway.answerLane{value: 1 ether}(base, Transport.CCIP);
    }

    function test_quoteLane_pricesTheNextHandshake() public {
        bytes32 base = chains[BASE].chainHash;
        (uint256 feeWei, bytes memory message,) = chains[HOME].gateway.quoteLane(base, Transport.CCIP, Kind.HELLO);
        vm.recordLogs();
        _on(HOME).gateway.openLane{value: feeWei}(base, Transport.CCIP);
        assertEq(_posted(HOME, BASE).message, message);
    }

    function test_quoteLane_RevertWhen_NotAHandshake() public {
        Gateway home = chains[HOME].gateway;
        bytes32 base = chains[BASE].chainHash;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotHandshake.selector, Kind.WORKS));
        home.quoteLane(base, Transport.CCIP, Kind.WORKS);
    }

    function _isOpen(uint256 here, uint256 peer, Transport transport) private view returns (bool) {
        return chains[here].gateway.laneOf(chains[peer].chainHash, transport).open;
    }

    function _lanesOpenedBy(Mail memory mail) private returns (uint256 count) {
        vm.recordLogs();
        _deliver(mail);
        return _countLogs(IGateway.LaneOpened.selector);
    }
}
