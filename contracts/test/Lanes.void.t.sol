// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IGateway, Kind, Statement, Transport} from "../src/interfaces/IGateway.sol";
import {ILanes, Status} from "../src/interfaces/ILanes.sol";
import {Lanes} from "../src/Lanes.sol";
import {World} from "./support/World.sol";

/// @dev A void gives works back at their source, so an owner who names a digest falsely must not double a work.
contract LanesVoidTest is World {
    uint64 private constant UNUSED_NONCE = 77;

    function setUp() public override {
        super.setUp();
        _openAllLanes();
    }

    function test_voidStatement_underTheDigestOfAnAppliedStatement_cannotBeSent() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        Mail memory applied = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        _deliver(applied);
        Lanes lanes = _on(BASE).lanes;
        vm.prank(address(chains[BASE].queue));
        lanes.voidStatement(chains[HOME].chainHash, UNUSED_NONCE, applied.digest);
        assertFalse(lanes.isVoided(applied.digest, chains[HOME].chainHash, applied.nonce));

        vm.expectRevert(abi.encodeWithSelector(IGateway.StatementNotVoided.selector, applied.digest));
        chains[BASE].gateway.sendVoid{value: 1 ether}(applied.message, Transport.CCIP);
        assertEq(chains[BASE].collection.ownerOf(workId), BOB);
    }

    function test_voidStatement_RevertWhen_TheFailedStatementCameFromAnotherChain() public {
        bytes32 digest = keccak256("statement from Base");
        Lanes lanes = _on(HOME).lanes;
        vm.prank(address(chains[HOME].gateway));
        lanes.markFailed(digest, chains[BASE].chainHash, UNUSED_NONCE);

        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        vm.startPrank(address(chains[HOME].queue));
        vm.expectRevert(abi.encodeWithSelector(ILanes.NonceNotVoidable.selector, moonbeam, UNUSED_NONCE));
        lanes.voidStatement(moonbeam, UNUSED_NONCE, digest);
        lanes.voidStatement(chains[BASE].chainHash, UNUSED_NONCE, digest);
        assertEq(uint8(lanes.statusOf(digest)), uint8(Status.VOIDED));
    }

    function test_void_ofAnotherRegistrysStatement_isMisdirected() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        Statement memory foreign = _statementOf(_send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB));
        foreign.registryId = keccak256("another registry");
        bytes memory payload = abi.encode(foreign);
        Mail memory told = _forge(BASE, HOME, Transport.CCIP, Kind.VOID, UNUSED_NONCE, payload);
        bytes32 voided = _on(HOME).gateway.digestOf(payload);
        bytes memory reason = abi.encodeWithSelector(ILanes.StatementMisdirected.selector, voided);
        vm.expectEmit(address(chains[HOME].gateway));
        emit IGateway.StatementFailed(told.digest, chains[BASE].chainHash, UNUSED_NONCE, reason);
        _deliver(told);
    }

    function test_voidStatement_underAWrongDigest_canBeMendedUnderTheRightOne() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        Mail memory lost = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        bytes32 home = chains[HOME].chainHash;
        Lanes lanes = _on(BASE).lanes;
        vm.startPrank(address(chains[BASE].queue));
        lanes.voidStatement(home, UNUSED_NONCE, lost.digest);
        lanes.voidStatement(home, lost.nonce, keccak256("mistaken"));
        lanes.voidStatement(home, lost.nonce, lost.digest);
        assertTrue(lanes.isVoided(lost.digest, home, lost.nonce));
    }
}
