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

    /// @dev A peer that lies could otherwise have back what left for elsewhere, or from elsewhere.
    function test_void_ofAStatementThatWasNotMadeHereForThere_isMisdirected() public {
        uint256 workId = _mint(ALICE, keccak256("document"));
        Mail memory sent = _send(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        Statement[4] memory foreign = [_statementOf(sent), _statementOf(sent), _statementOf(sent), _statementOf(sent)];
        foreign[0].registryId = keccak256("another registry");
        foreign[1].srcChainHash = chains[MOONBEAM].chainHash;
        foreign[2].dstChainHash = chains[MOONBEAM].chainHash;
        foreign[3].srcGateway = _bytes32(ALICE);
        for (uint64 i = 0; i < foreign.length; ++i) {
            _expectMisdirected(abi.encode(foreign[i]), UNUSED_NONCE + i);
        }
    }

    function _expectMisdirected(bytes memory payload, uint64 nonce) private {
        Mail memory told = _forge(BASE, HOME, Transport.CCIP, Kind.VOID, nonce, payload);
        bytes32 voided = _on(HOME).gateway.digestOf(payload);
        bytes memory reason = abi.encodeWithSelector(ILanes.StatementMisdirected.selector, voided);
        vm.expectEmit(address(chains[HOME].gateway));
        emit IGateway.StatementFailed(told.digest, chains[BASE].chainHash, nonce, reason);
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
