// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {console} from "forge-std/console.sol";
import {SendRequest, Transport} from "../src/interfaces/IGateway.sol";
import {ILanes} from "../src/interfaces/ILanes.sol";
import {RegistryState, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {LicenceTravelWorld} from "./support/LicenceTravelWorld.sol";
import {World} from "./support/World.sol";
import {Receiver} from "./support/Stubs.sol";

/// @dev Of what is bought, at most so much is spent: a margin of a quarter.
uint256 constant MOST_PERCENT = 80;
/// @dev Gas that may be missing of what was bought: bridges spend some before they call.
uint256 constant GAS_SLACK = 20_000;

/// @dev What statements of each kind take on their destination at worst, beside what they buy: cold storage, as many
/// works and operators as may be named, user rights, and receivers that burn all they get.
contract GasPlanTest is LicenceTravelWorld {
    uint256 private constant KINDS = 10;

    address private receiver;
    uint256 private most;

    function setUp() public override {
        super.setUp();
        receiver = address(new Receiver(Receiver.Mood.BURN_ALL_GAS));
        most = chains[HOME].gateway.maxWorksTo(chains[BASE].chainHash, Transport.CCIP);
    }

    function test_gasPlan_leavesAQuarterOfTheWorstCase_forEveryKindAndTransport() public {
        for (uint256 i = 0; i < 2 * KINDS; ++i) {
            uint256 clean = vm.snapshotState();
            (string memory name, Mail memory mail) = _case(i);
            uint256 limit = _gasLimitOf(mail);
            uint256 spent = _deliverCold(mail, limit);
            console.log(name, uint8(mail.transport), spent, limit);
            assertLe(spent * 100, limit * MOST_PERCENT, name);
            vm.revertToState(clean);
        }
    }

    function test_gasPlan_isAboveItsOwnFloor_forEveryKindAndTransport() public {
        for (uint256 i = 0; i < 2 * KINDS; ++i) {
            uint256 clean = vm.snapshotState();
            (, Mail memory mail) = _case(i);
            _deliverCold(mail, _gasLimitOf(mail) - GAS_SLACK);
            vm.revertToState(clean);
        }
    }

    /// @dev Two for each kind of load: one by each transport.
    function _case(uint256 index) private returns (string memory, Mail memory) {
        Transport transport = Transport(1 + index % 2);
        uint256 kind = index / 2;
        if (kind == 0) return ("handshake", _sendHello(BASE, transport));
        if (kind == 1) return ("one work", _sendBatch(transport, 1));
        if (kind == 2) return ("a full batch", _sendBatch(transport, most));
        if (kind == 3) return ("a return", _sendReturn(transport));
        if (kind == 4) return ("the second of both", _sendBoth(transport));
        if (kind == 5) return ("a state", _sendState(transport));
        if (kind == 6) return ("a registry's state", _sendRegistryState(transport));
        if (kind == 7) return ("a licence", _sendGrant(HOME, BASE, transport, _buy(HOME)));
        if (kind == 8) return ("a void of one work", _sendVoid(transport, 1));
        return ("a void of a full batch", _sendVoid(transport, most));
    }

    function _sendBatch(Transport transport, uint256 count) private returns (Mail memory) {
        _sendWorks(transport, count);
        return _posted(HOME, BASE);
    }

    /// @dev A full batch, of which the other transport has brought the same.
    function _sendBoth(Transport last) private returns (Mail memory) {
        _sendWorks(Transport.BOTH, most);
        Mail[2] memory mails = _postedBoth(HOME, BASE);
        uint256 first = mails[0].transport == last ? 1 : 0;
        _deliver(mails[first]);
        return mails[1 - first];
    }

    function _sendWorks(Transport transport, uint256 count) private {
        SendRequest memory request;
        request.dstChainHash = chains[BASE].chainHash;
        request.transport = transport;
        request.works = new WorkSend[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 id = _mint(ALICE, keccak256(abi.encode(i)));
            request.works[i] = WorkSend(id, documentOf[id], _seedOf(id), 0, _bytes32(receiver), _bytes32(BOB));
            vm.prank(ALICE);
            chains[HOME].collection.setUser(id, BOB, uint64(block.timestamp + 1 days));
        }
        vm.recordLogs();
        vm.prank(ALICE);
        _on(HOME).gateway.sendWorks{value: 1 ether}(request);
    }

    function _sendReturn(Transport transport) private returns (Mail memory) {
        uint256 id = _mint(ALICE, keccak256("returns"));
        _move(HOME, BASE, transport, id, ALICE, ALICE);
        return _send(BASE, HOME, transport, id, ALICE, receiver);
    }

    function _sendState(Transport transport) private returns (Mail memory) {
        uint256 id = _mint(ALICE, keccak256("stated"));
        vm.prank(MINTER);
        _on(HOME).collection.stateRevision(id, 0, keccak256("state"));
        vm.recordLogs();
        _on(HOME).gateway.sendState{value: 1 ether}(chains[BASE].chainHash, transport, id);
        return _posted(HOME, BASE);
    }

    function _sendRegistryState(Transport transport) private returns (Mail memory) {
        RegistryState memory state;
        state.revision = 1;
        state.restrictsTransfers = true;
        state.operators = new bytes32[](chains[HOME].collection.MAX_OPERATORS());
        for (uint256 i = 0; i < state.operators.length; ++i) {
            state.operators[i] = keccak256(abi.encode(i)) >> 96;
        }
        vm.prank(POLICY);
        _on(HOME).collection.stateRegistry(state);
        vm.recordLogs();
        _on(HOME).gateway.sendRegistryState{value: 1 ether}(chains[BASE].chainHash, transport);
        return _posted(HOME, BASE);
    }

    function _sendVoid(Transport transport, uint256 count) private returns (Mail memory) {
        Mail memory lost = _sendBatch(transport, count);
        bytes memory data = abi.encodeCall(ILanes.voidStatement, (chains[HOME].chainHash, lost.nonce, lost.digest));
        _execute(BASE, _plan(address(chains[BASE].lanes), data));
        vm.recordLogs();
        _on(BASE).gateway.sendVoid{value: 1 ether}(lost.message, transport);
        return _posted(BASE, HOME);
    }

    function _coolDestination(Mail memory mail) internal override {
        super._coolDestination(mail);
        vm.cool(receiver);
    }
}

/// @dev As {GasPlanTest}, for the statements that open a lane: the first messages on their paths.
contract GasPlanHandshakeTest is World {
    function test_gasPlan_coversTheFirstMessagesOfALane() public {
        for (uint8 i = 1; i <= 2; ++i) {
            Transport transport = Transport(i);
            _check("hello", _sendHello(BASE, transport));
            _check("echo", _sendEcho(BASE, transport));
            _check("confirm", _sendConfirm(BASE, transport));
        }
    }

    function _check(string memory name, Mail memory mail) private {
        uint256 limit = _gasLimitOf(mail);
        uint256 spent = _deliverCold(mail, limit - GAS_SLACK);
        console.log(name, uint8(mail.transport), spent, limit);
        assertLe(spent * 100, limit * MOST_PERCENT, name);
    }
}
