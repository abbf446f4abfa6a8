// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Gateway} from "../src/Gateway.sol";
import {ICollection, LegState} from "../src/interfaces/ICollection.sol";
import {IGateway, Kind, Statement, Transport} from "../src/interfaces/IGateway.sol";
import {WorkPayload} from "../src/interfaces/PayloadTypes.sol";
import {Receiver} from "./support/Stubs.sol";
import {ILanes, Status} from "../src/interfaces/ILanes.sol";
import {World} from "./support/World.sol";

contract GatewayDeliverTest is World {
    uint256 private workId;

    function setUp() public override {
        super.setUp();
        _openAllLanes();
        workId = _mint(ALICE, keccak256("document"));
    }

    function test_deliver_emitsStatementApplied_andUsesTheNonce() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Gateway mirror = chains[BASE].gateway;
        assertFalse(chains[BASE].lanes.isConsumed(chains[HOME].chainHash, mail.nonce));
        vm.expectEmit(address(mirror));
        emit IGateway.StatementApplied(mail.digest, chains[HOME].chainHash, mail.nonce, Kind.WORKS);
        _deliver(mail);
        assertTrue(chains[BASE].lanes.isConsumed(chains[HOME].chainHash, mail.nonce));
    }

    function test_deliver_again_changesNothing() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _deliver(mail);
        _move(BASE, HOME, Transport.CCIP, workId, ALICE, ALICE);
        vm.expectEmit(address(chains[BASE].gateway));
        emit IGateway.StatementRepeated(mail.digest, chains[HOME].chainHash, mail.nonce);
        _deliver(mail);
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
        assertEq(uint8(chains[BASE].collection.legOf(workId).state), uint8(LegState.BURNED));
    }

    function testFuzz_deliver_usesEachNonceOnce_inAnyOrder(uint64[8] calldata nonces) public {
        bytes memory payload = _freezePayload();
        for (uint256 i = 0; i < nonces.length; ++i) {
            uint64 nonce = uint64(bound(nonces[i], 1_000, 1_600));
            bool fresh = !chains[BASE].lanes.isConsumed(chains[HOME].chainHash, nonce);
            vm.recordLogs();
            _deliver(_forge(HOME, BASE, Transport.CCIP, Kind.STATE, nonce, payload));
            assertEq(_countLogs(IGateway.StatementApplied.selector), fresh ? 1 : 0);
        }
    }

    function test_deliver_RevertWhen_NotItsTransport() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Gateway mirror = _on(BASE).gateway;
        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotTransport.selector, ALICE));
        vm.prank(ALICE);
        mirror.deliver(home, mail.message);
    }

    function test_deliver_RevertWhen_PolicyDoesNotNameTheTransport() public {
        Statement memory statement = _statementOf(_send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE));
        uint8[3] memory policies = [0, 2, 4];
        for (uint256 i = 0; i < policies.length; ++i) {
            statement.minPolicy = policies[i];
            _expectRefusal(
                HOME, statement, abi.encodeWithSelector(ILanes.PolicyNotMet.selector, policies[i], Transport.CCIP)
            );
        }
    }

    /// @dev Each field that binds a statement to a registry, a source and a destination.
    function test_deliver_RevertWhen_Misdirected() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        for (uint256 field = 0; field < 5; ++field) {
            Statement memory statement = _statementOf(mail);
            if (field == 0) statement.registryId = keccak256("another registry");
            if (field == 1) statement.srcChainHash = chains[MOONBEAM].chainHash;
            if (field == 2) statement.srcGateway = _bytes32(ALICE);
            if (field == 3) statement.dstChainHash = chains[MOONBEAM].chainHash;
            if (field == 4) statement.dstGateway = _bytes32(address(chains[MOONBEAM].gateway));
            bytes32 digest = chains[HOME].gateway.digestOf(abi.encode(statement));
            _expectRefusal(HOME, statement, abi.encodeWithSelector(ILanes.StatementMisdirected.selector, digest));
        }
    }

    function test_deliver_RevertWhen_OriginIsNoPeer_orNotTheTransports() public {
        Statement memory statement = _statementOf(_send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE));
        bytes32 digest = chains[BASE].gateway.digestOf(abi.encode(statement));
        _expectRefusal(MOONBEAM, statement, abi.encodeWithSelector(ILanes.StatementMisdirected.selector, digest));
        statement.srcChainHash = chains[MOONBEAM].chainHash;
        _expectRefusal(MOONBEAM, statement, abi.encodeWithSelector(ILanes.NotPeer.selector, statement.srcChainHash));
    }

    function test_deliver_RevertWhen_EpochIsAnother() public {
        Statement memory statement = _statementOf(_send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE));
        for (uint32 epoch = 0; epoch <= 2; epoch += 2) {
            statement.laneEpoch = epoch;
            _expectRefusal(HOME, statement, abi.encodeWithSelector(ILanes.EpochMismatch.selector, 1, epoch));
        }
    }

    function test_deliver_RevertWhen_GasIsBelowTheFloor_andLosesNothing() public {
        for (uint8 i = 1; i <= 2; ++i) {
            uint256 id = _mint(ALICE, keccak256(abi.encode(i)));
            Mail memory mail = _send(HOME, BASE, Transport(i), id, ALICE, ALICE);
            Gateway mirror = chains[BASE].gateway;
            vm.prank(mirror.transportAt(Transport(i)));
            (bool done, bytes memory reason) = address(mirror).call{gas: 330_000}(
                abi.encodeCall(mirror.deliver, (chains[HOME].chainHash, mail.message))
            );
            assertFalse(done);
            assertEq(bytes4(reason), IGateway.GasBelowFloor.selector);
            _deliver(mail);
            assertEq(chains[BASE].collection.ownerOf(id), ALICE);
        }
    }

    function test_deliver_storesOnlyTheDigestWhen_ApplicationFails() public {
        Mail memory mail = _forgeUnheldWork();
        vm.recordLogs();
        _deliver(mail);
        assertEq(_countLogs(IGateway.StatementFailed.selector), 1);
        assertTrue(_isFailed(mail));
        assertTrue(chains[BASE].lanes.isConsumed(chains[HOME].chainHash, mail.nonce));
        assertEq(uint8(chains[BASE].collection.legOf(workId).state), uint8(LegState.NONE));
    }

    /// @dev A call of an address without code succeeds: the work would be nowhere.
    function test_deliver_failsWhen_TheCollectionHasNoCode_andIsRetriedOnceItHas() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        address collection = address(chains[BASE].collection);
        bytes memory code = collection.code;
        vm.etch(collection, "");
        _deliver(mail);
        assertTrue(_isFailed(mail));
        Gateway mirror = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(Address.AddressEmptyCode.selector, collection));
        mirror.retry(mail.message);
        vm.etch(collection, code);
        mirror.retry(mail.message);
        assertEq(chains[BASE].collection.ownerOf(workId), BOB);
    }

    function test_retry_appliesAFailedStatement_once() public {
        // Home has not the work in escrow yet: as if the source had been reorganised and then sent it after all.
        WorkPayload[] memory works = new WorkPayload[](1);
        works[0] = _workPayload(workId, 2, BOB);
        Mail memory early = _forge(BASE, HOME, Transport.CCIP, Kind.WORKS, 1_000, abi.encode(works));
        _deliver(early);
        assertTrue(_isFailed(early));
        _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);

        Gateway home = _on(HOME).gateway;
        vm.expectEmit(address(home));
        emit IGateway.StatementApplied(early.digest, chains[BASE].chainHash, 1_000, Kind.WORKS);
        home.retry(early.message);
        assertEq(chains[HOME].collection.ownerOf(workId), BOB);
        assertFalse(_isFailed(early));

        vm.expectRevert(abi.encodeWithSelector(ILanes.StatementNotWaiting.selector, early.digest, Status.NONE));
        home.retry(early.message);
    }

    function test_retry_RevertWhen_ItFailsAgain_andStaysRetryable() public {
        Mail memory mail = _forgeUnheldWork();
        _deliver(mail);
        Gateway mirror = _on(BASE).gateway;
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        mirror.retry(mail.message);
        assertTrue(_isFailed(mail));
    }

    function test_retry_RevertWhen_MessageIsNotTheFailedOne() public {
        Mail memory mail = _forgeUnheldWork();
        _deliver(mail);
        Statement memory statement = _statementOf(mail);
        statement.nonce += 1;
        Gateway mirror = _on(BASE).gateway;
        vm.expectPartialRevert(ILanes.StatementNotWaiting.selector);
        mirror.retry(abi.encode(statement));
    }

    function test_applyStatement_RevertWhen_NotSelf() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Statement memory statement = _statementOf(mail);
        Gateway mirror = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotSelf.selector, address(this)));
        mirror.applyStatement(statement, mail.digest);
    }

    function test_deliver_holdsForFallbackWhen_TheReceiverTakesAllTheGasItGets() public {
        for (uint8 i = 1; i <= 2; ++i) {
            uint256 id = _mint(ALICE, keccak256(abi.encode(i)));
            Receiver receiver = new Receiver(Receiver.Mood.BURN_ALL_GAS);
            Mail memory mail = _send(HOME, i, Transport(i), id, ALICE, address(receiver));
            _coolDestination(mail);
            vm.recordLogs();
            _deliver(mail);
            assertEq(_countLogs(IGateway.StatementApplied.selector), 1);
            assertEq(chains[i].collection.ownerOf(id), BOB);
        }
    }

    function test_deliver_succeedsAtTheFloor_inTheWorstCase() public {
        Receiver receiver = new Receiver(Receiver.Mood.BURN_ALL_GAS);
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, address(receiver));
        Gateway mirror = _on(BASE).gateway;
        bytes memory data = abi.encodeCall(mirror.deliver, (chains[HOME].chainHash, mail.message));
        // The least gas, to a thousand, that passes the floor.
        for (uint256 gasGiven = 400_000;; gasGiven += 1_000) {
            _coolDestination(mail);
            vm.prank(address(chains[BASE].ccip));
            (bool done, bytes memory reason) = address(mirror).call{gas: gasGiven}(data);
            if (done) break;
            assertEq(bytes4(reason), IGateway.GasBelowFloor.selector);
        }
        assertFalse(_isFailed(mail));
        assertEq(chains[BASE].collection.ownerOf(workId), BOB);
    }

    function _expectRefusal(uint256 src, Statement memory statement, bytes memory reason) private {
        Gateway mirror = _on(BASE).gateway;
        bytes32 srcChainHash = chains[src].chainHash;
        address transport = address(chains[BASE].ccip);
        vm.expectRevert(reason);
        vm.prank(transport);
        mirror.deliver(srcChainHash, abi.encode(statement));
    }

    /// @dev An authentic statement whose work has an origin that is not its id's.
    function _forgeUnheldWork() private view returns (Mail memory) {
        WorkPayload[] memory works = new WorkPayload[](1);
        works[0] = _workPayload(workId, 1, ALICE);
        works[0].seed = keccak256("another seed");
        return _forge(HOME, BASE, Transport.CCIP, Kind.WORKS, 1_000, abi.encode(works));
    }

    function _freezePayload() private view returns (bytes memory) {
        return abi.encode(workId, uint64(1), keccak256("state"), true);
    }

    function _workPayload(uint256 id, uint40 hop, address to) private view returns (WorkPayload memory work) {
        work.workId = id;
        work.documentHash = documentOf[id];
        work.seed = chains[HOME].collection.seedOf(id);
        work.hop = hop;
        work.to = _bytes32(to);
        work.fallbackTo = _bytes32(BOB);
    }
}
