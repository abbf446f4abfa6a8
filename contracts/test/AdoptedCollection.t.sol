// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {AdoptedCollection} from "../src/AdoptedCollection.sol";
import {Collection} from "../src/Collection.sol";
import {AdoptedPosture, IAdoptedCollection} from "../src/interfaces/IAdoptedCollection.sol";
import {ICollection, Leg, LegState} from "../src/interfaces/ICollection.sol";
import {Component, Deployment} from "../src/interfaces/IRegistryFactory.sol";
import {WorkPayload, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {AdoptedToken} from "./support/AdoptedToken.sol";
import {World} from "./support/World.sol";

/// @dev The adapter as the Gateway calls it (the test is its Gateway), over tokens honest and hostile; BASE is an
/// ordinary mirror.
contract AdoptedCollectionTest is World {
    bytes32 private constant DIGEST = keccak256("digest");
    uint64 private constant NONCE = 7;
    uint256 private constant TOKEN_ID = 42;
    AdoptedToken private token;
    AdoptedCollection private adapter;
    uint256 private workId;
    bytes32 private documentHash;

    function setUp() public override {
        super.setUp();
        token = new AdoptedToken();
        adapter = _adapterOn(HOME);
        token.mint(ALICE, TOKEN_ID);
        workId = adapter.adopt(TOKEN_ID);
        (, documentHash) = adapter.workOfToken(TOKEN_ID);
        vm.prank(ALICE);
        token.setApprovalForAll(address(adapter), true);
    }

    function test_adopt_bindsTheIdToTheToken_onceForAll() public {
        bytes32 origin = keccak256(abi.encode(chains[HOME].chainHash, address(token), TOKEN_ID));
        assertEq(documentHash, origin);
        assertEq(workId >> 96, uint256(keccak256(abi.encode(origin, TOKEN_ID, uint256(0)))) >> 96);
        assertEq(uint96(workId), 0);
        assertEq(adapter.tokenOf(workId), TOKEN_ID);
        vm.recordLogs();
        assertEq(adapter.adopt(TOKEN_ID), workId);
        assertEq(vm.getRecordedLogs().length, 0);
        _assertLeg(LegState.LIVE, ALICE, 0);
    }

    function test_adopt_saysWhoHasTheToken() public {
        token.mint(BOB, 43);
        (uint256 otherId, bytes32 otherHash) = adapter.workOfToken(43);
        vm.expectEmit(address(adapter));
        emit IAdoptedCollection.WorkAdopted(otherId, 43, otherHash, BOB);
        assertEq(adapter.adopt(43), otherId);
    }

    function test_adoptBatch_adoptsAllOrNone_andThoseKnownOnce() public {
        token.mint(BOB, 43);
        uint256[] memory tokenIds = new uint256[](3);
        (tokenIds[0], tokenIds[1], tokenIds[2]) = (43, TOKEN_ID, 44);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 44));
        adapter.adoptBatch(tokenIds);
        token.mint(BOB, 44);
        vm.recordLogs();
        adapter.adoptBatch(tokenIds);
        assertEq(vm.getRecordedLogs().length, 2);
        for (uint256 i = 0; i < tokenIds.length; ++i) {
            (uint256 adoptedId,) = adapter.workOfToken(tokenIds[i]);
            assertEq(adapter.tokenOf(adoptedId), tokenIds[i]);
        }
    }

    function test_adopt_RevertWhen_ThereIsNoSuchToken() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        adapter.adopt(7);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkUnknown.selector, 7));
        adapter.tokenOf(7);
    }

    function test_constructor_RevertWhen_OnMirror() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        _adapterOn(BASE);
    }

    function test_travel_toAMirrorAndBack() public {
        WorkPayload[] memory works = _depart(ALICE);
        assertEq(token.ownerOf(TOKEN_ID), address(adapter));
        _assertLeg(LegState.ESCROWED, address(0), 1);
        assertEq(adapter.legOf(workId).location, chains[BASE].chainHash);

        Collection mirror = _on(BASE).collection;
        vm.prank(address(chains[BASE].gateway));
        mirror.arrive(chains[HOME].chainHash, DIGEST, abi.encode(works));
        assertEq(mirror.ownerOf(workId), BOB);

        _arrive(BASE, _returning(2));
        assertEq(token.ownerOf(TOKEN_ID), BOB);
        _assertLeg(LegState.LIVE, BOB, 2);
        assertEq(adapter.legOf(workId).location, chains[HOME].chainHash);
    }

    // depart

    function test_depart_byAnOperatorForAll() public {
        vm.prank(ALICE);
        token.setApprovalForAll(BOB, true);
        assertEq(_depart(BOB)[0].holder, _bytes32(ALICE));
    }

    function test_depart_RevertWhen_TheOperatorIsNotApproved() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BOB, TOKEN_ID));
        this.depart(BOB, BASE, 0);
    }

    function test_depart_RevertWhen_TheHopWasUsed() public {
        _depart(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedHop.selector, 0, 1));
        this.depart(ALICE, BASE, 0);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.ESCROWED));
        this.depart(ALICE, BASE, 1);
    }

    function test_depart_RevertWhen_TheChainIsHomeOrUnknown() public {
        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, bytes32(0), home));
        this.depart(ALICE, HOME, 0);
    }

    function test_depart_RevertWhen_TheTokenMovesNothing() public {
        token.behave(AdoptedToken.Mood.MOVE_NOTHING);
        vm.expectRevert(abi.encodeWithSelector(IAdoptedCollection.EscrowNotTaken.selector, workId, ALICE));
        this.depart(ALICE, BASE, 0);
    }

    function test_depart_RevertWhen_AWorkWaitsToBeClaimed() public {
        _arriveHeld();
        vm.expectRevert(abi.encodeWithSelector(IAdoptedCollection.ReleasePending.selector, workId, BOB));
        this.depart(BOB, BASE, 2);
    }

    function test_depart_RevertWhen_Frozen() public {
        _arriveHeld();
        token.take(MINTER, TOKEN_ID);
        adapter.checkEscrow(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkIsFrozen.selector, workId));
        this.depart(BOB, BASE, 2);
    }

    function test_travel_RevertWhen_NotGateway() public {
        WorkPayload[] memory works = _returning(2);
        WorkSend[] memory sends = _sends(0);
        bytes32 base = chains[BASE].chainHash;
        bytes memory refusal = abi.encodeWithSelector(ICollection.Unauthorized.selector, OWNER);
        vm.startPrank(OWNER);
        vm.expectRevert(refusal);
        adapter.depart(base, NONCE, sends, ALICE);
        vm.expectRevert(refusal);
        adapter.arrive(base, DIGEST, abi.encode(works));
        vm.expectRevert(refusal);
        adapter.recredit(base, DIGEST, NONCE, works);
        vm.expectRevert(refusal);
        adapter.reclaim(base, workId, OWNER);
    }

    function test_payloadsOf_RevertWhen_TheDocumentIsNotTheTokens() public {
        WorkSend[] memory sends = _sends(0);
        sends[0].documentHash = keccak256("another");
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        adapter.payloadsOf(sends);
    }

    // arrive

    function test_arrive_RevertWhen_StaleOrFromElsewhereOrOfAnotherOrigin() public {
        bytes32 home = chains[HOME].chainHash;
        bytes32 base = chains[BASE].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, base));
        this.arrive(BASE, _returning(2));
        _depart(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.StaleHop.selector, workId, 1, 1));
        this.arrive(BASE, _returning(1));
        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, base, moonbeam));
        this.arrive(MOONBEAM, _returning(2));
        WorkPayload[] memory works = _returning(2);
        works[0].seed = bytes32(TOKEN_ID + 1);
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        this.arrive(BASE, works);
    }

    function test_arrive_RevertWhen_ItComesFromWhereTheWorkIs() public {
        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, home));
        this.arrive(HOME, _returning(1));
    }

    function test_arrive_fallsBackWhen_TheReceiverIsNoAddress() public {
        _depart(ALICE);
        WorkPayload[] memory works = _returning(2);
        works[0].to = bytes32(type(uint256).max);
        _arrive(BASE, works);
        assertEq(token.ownerOf(TOKEN_ID), ALICE);
    }

    function test_arrive_RevertWhen_NobodyCanHaveIt() public {
        _depart(ALICE);
        WorkPayload[] memory works = _returning(2);
        works[0].to = bytes32(0);
        works[0].fallbackTo = _bytes32(address(adapter));
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(adapter)));
        this.arrive(BASE, works);
    }

    function test_arrive_holdsForClaimWhen_TheTokenIsNotHandedOver() public {
        AdoptedToken.Mood[4] memory moods = [
            AdoptedToken.Mood.MOVE_NOTHING,
            AdoptedToken.Mood.REFUSE,
            AdoptedToken.Mood.BURN_ALL_GAS,
            AdoptedToken.Mood.HUGE_ANSWER
        ];
        for (uint256 i = 0; i < moods.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            _depart(ALICE);
            token.behave(moods[i]);
            vm.expectEmit(address(adapter));
            emit IAdoptedCollection.ReleaseHeld(workId, BOB);
            _arrive(BASE, _returning(2));
            _assertLeg(LegState.LIVE, BOB, 2);
            assertEq(token.ownerOf(TOKEN_ID), address(adapter));
            vm.expectRevert(abi.encodeWithSelector(IAdoptedCollection.ReleaseFailed.selector, workId));
            adapter.claim(workId);

            token.behave(AdoptedToken.Mood.HONEST);
            vm.expectEmit(address(adapter));
            emit IAdoptedCollection.ReleaseClaimed(workId, BOB);
            adapter.claim(workId);
            assertEq(token.ownerOf(TOKEN_ID), BOB);
            vm.revertToState(snapshot);
        }
    }

    function test_arrive_RevertWhen_TooLittleGasIsLeftForTheToken() public {
        _depart(ALICE);
        WorkPayload[] memory works = _returning(2);
        (bool done, bytes memory reason) = address(adapter).call{gas: 300_000}(
            abi.encodeCall(adapter.arrive, (chains[BASE].chainHash, DIGEST, abi.encode(works)))
        );
        assertFalse(done);
        assertEq(bytes4(reason), ICollection.CallbackGasTooLow.selector);
    }

    // claims

    function test_claimTo_isTheClaimantsChoice() public {
        _arriveHeld();
        vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, ALICE));
        vm.prank(ALICE);
        adapter.claimTo(workId, ALICE);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        adapter.claimTo(workId, address(0));
        vm.prank(BOB);
        adapter.claimTo(workId, MINTER);
        assertEq(token.ownerOf(TOKEN_ID), MINTER);
    }

    function test_claim_RevertWhen_NothingIsHeld() public {
        bytes memory refusal = abi.encodeWithSelector(IAdoptedCollection.NothingHeld.selector, workId);
        vm.expectRevert(refusal);
        adapter.claim(workId);
        vm.expectRevert(refusal);
        adapter.claimTo(workId, ALICE);
        _arriveHeld();
        adapter.claim(workId);
        vm.expectRevert(refusal);
        adapter.claim(workId);
    }

    // recredit

    function test_recredit_givesTheTokenBack_once() public {
        WorkPayload[] memory works = _depart(ALICE);
        adapter.recredit(chains[MOONBEAM].chainHash, DIGEST, NONCE, works);
        adapter.recredit(chains[HOME].chainHash, DIGEST, NONCE, works);
        _assertLeg(LegState.ESCROWED, address(0), 1);
        vm.expectEmit(address(adapter));
        emit ICollection.WorkRecredited(workId, 1, ALICE, DIGEST);
        adapter.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
        _assertLeg(LegState.LIVE, ALICE, 1);
        assertEq(token.ownerOf(TOKEN_ID), ALICE);

        vm.recordLogs();
        adapter.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_recredit_changesNothingWhen_TheWorkLeftAgain() public {
        WorkPayload[] memory works = _depart(ALICE);
        adapter.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
        this.depart(ALICE, BASE, 1);
        adapter.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
        _assertLeg(LegState.ESCROWED, address(0), 2);
    }

    // reclaim

    function test_reclaim_givesTheTokenToItsLastOwner_once() public {
        _depart(ALICE);
        bytes32 base = chains[BASE].chainHash;
        vm.expectEmit(address(adapter));
        emit ICollection.WorkReclaimed(workId, base, 1, BOB);
        adapter.reclaim(base, workId, BOB);
        assertEq(token.ownerOf(TOKEN_ID), BOB);
        _assertLeg(LegState.LIVE, BOB, 1);

        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, base));
        adapter.reclaim(base, workId, BOB);
    }

    function test_reclaim_RevertWhen_TheWorkIsNotThere() public {
        bytes32 home = chains[HOME].chainHash;
        bytes32 base = chains[BASE].chainHash;
        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, home));
        adapter.reclaim(home, workId, BOB);
        _depart(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, base, moonbeam));
        adapter.reclaim(moonbeam, workId, BOB);
        assertEq(token.ownerOf(TOKEN_ID), address(adapter));
    }

    // escrow

    function test_checkEscrow_lossFreezesByARevision_andReturnLiftsIt() public {
        _depart(ALICE);
        assertFalse(adapter.checkEscrow(workId));
        assertEq(adapter.legOf(workId).revision, 0);
        token.take(MINTER, TOKEN_ID);

        vm.expectEmit(address(adapter));
        emit ICollection.WorkFrozen(workId);
        assertTrue(adapter.checkEscrow(workId));
        assertTrue(adapter.checkEscrow(workId));
        Leg memory leg = adapter.legOf(workId);
        assertTrue(leg.frozen);
        assertEq(leg.revision, 1);

        token.take(address(adapter), TOKEN_ID);
        assertFalse(adapter.checkEscrow(workId));
        assertFalse(adapter.legOf(workId).frozen);
        assertEq(adapter.legOf(workId).revision, 2);
    }

    function test_checkEscrow_takesALieForALoss() public {
        _depart(ALICE);
        token.lie(BOB);
        assertTrue(adapter.checkEscrow(workId));
    }

    function test_checkEscrow_ofAWorkInItsHoldersHands_isNoLoss() public {
        assertFalse(adapter.checkEscrow(workId));
        assertEq(adapter.legOf(workId).revision, 0);
    }

    function test_arrive_ofALostToken_waitsFrozen_untilTheTokenIsBack() public {
        _depart(ALICE);
        token.take(MINTER, TOKEN_ID);
        adapter.checkEscrow(workId);
        _arrive(BASE, _returning(2));
        assertTrue(adapter.legOf(workId).frozen);
        vm.expectRevert(abi.encodeWithSelector(IAdoptedCollection.ReleaseFailed.selector, workId));
        adapter.claim(workId);
        token.take(address(adapter), TOKEN_ID);
        adapter.claim(workId);
        assertEq(token.ownerOf(TOKEN_ID), BOB);
        assertFalse(adapter.legOf(workId).frozen);
    }

    // re-entrancy

    function test_callsFromTheTokenAreRefused() public {
        bytes[7] memory orders = [
            abi.encodeCall(adapter.adopt, (TOKEN_ID)),
            abi.encodeCall(adapter.adoptBatch, (new uint256[](0))),
            abi.encodeCall(adapter.checkEscrow, (workId)),
            abi.encodeCall(adapter.claim, (workId)),
            abi.encodeCall(adapter.claimTo, (workId, MINTER)),
            abi.encodeCall(adapter.recredit, (chains[BASE].chainHash, DIGEST, NONCE, _returning(1))),
            abi.encodeCall(adapter.arrive, (chains[BASE].chainHash, DIGEST, abi.encode(_returning(3))))
        ];
        for (uint256 i = 0; i < orders.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            token.callBack(address(adapter), orders[i]);
            _depart(ALICE);
            assertFalse(token.calledBack());
            _arrive(BASE, _returning(2));
            assertFalse(token.calledBack());
            assertEq(token.ownerOf(TOKEN_ID), BOB);
            vm.revertToState(snapshot);

            WorkPayload[] memory works = _depart(ALICE);
            token.callBack(address(adapter), orders[i]);
            adapter.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
            assertFalse(token.calledBack());
            assertEq(token.ownerOf(TOKEN_ID), ALICE);
            vm.revertToState(snapshot);

            _depart(ALICE);
            token.callBack(address(adapter), orders[i]);
            adapter.reclaim(chains[BASE].chainHash, workId, ALICE);
            assertFalse(token.calledBack());
            vm.revertToState(snapshot);

            _arriveHeld();
            token.callBack(address(adapter), orders[i]);
            adapter.claim(workId);
            assertFalse(token.calledBack());
            vm.revertToState(snapshot);

            _arriveHeld();
            token.callBack(address(adapter), orders[i]);
            vm.prank(BOB);
            adapter.claimTo(workId, MINTER);
            assertFalse(token.calledBack());
            assertEq(token.ownerOf(TOKEN_ID), MINTER);
            vm.revertToState(snapshot);
        }
    }

    // posture

    function test_posture_showsCodeAndOwner() public {
        AdoptedPosture memory seen = adapter.posture();
        assertEq(seen.token, address(token));
        assertEq(seen.owner, address(this));
        assertEq(seen.codeHash, address(token).codehash);
        assertEq(seen.adoptedCodeHash, seen.codeHash);

        vm.etch(address(token), hex"00");
        seen = adapter.posture();
        assertEq(seen.codeHash, keccak256(hex"00"));
        assertEq(seen.owner, address(0));
        assertTrue(seen.adoptedCodeHash != seen.codeHash);
    }

    function test_registryState_isTheManifests() public view {
        assertEq(adapter.registryState().royaltyBps, 750);
        assertEq(adapter.registryState().revision, 0);
    }

    /// @dev External, so that a revert can be expected of it as a whole.
    function depart(address operator, uint256 dst, uint64 hop) external {
        adapter.depart(chains[dst].chainHash, NONCE, _sends(hop), operator);
    }

    function arrive(uint256 src, WorkPayload[] memory works) external {
        _arrive(src, works);
    }

    function _depart(address operator) private returns (WorkPayload[] memory works) {
        works = adapter.depart(chains[BASE].chainHash, NONCE, _sends(0), operator);
    }

    function _arrive(uint256 src, WorkPayload[] memory works) private {
        adapter.arrive(chains[src].chainHash, DIGEST, abi.encode(works));
    }

    function _arriveHeld() private {
        _depart(ALICE);
        token.behave(AdoptedToken.Mood.REFUSE);
        _arrive(BASE, _returning(2));
        token.behave(AdoptedToken.Mood.HONEST);
    }

    function _sends(uint64 hop) private view returns (WorkSend[] memory works) {
        works = new WorkSend[](1);
        works[0] = WorkSend(workId, documentHash, bytes32(TOKEN_ID), hop, _bytes32(BOB), _bytes32(ALICE));
    }

    function _returning(uint40 hop) private view returns (WorkPayload[] memory works) {
        works = new WorkPayload[](1);
        works[0].workId = workId;
        works[0].documentHash = documentHash;
        works[0].seed = bytes32(TOKEN_ID);
        works[0].hop = hop;
        works[0].to = _bytes32(BOB);
        works[0].fallbackTo = _bytes32(ALICE);
        works[0].holder = _bytes32(ALICE);
    }

    function _assertLeg(LegState state, address holder, uint64 hop) private view {
        Leg memory leg = adapter.legOf(workId);
        assertEq(uint8(leg.state), uint8(state));
        assertEq(leg.holder, holder);
        assertEq(leg.hop, hop);
    }

    function _adapterOn(uint256 chain) private returns (AdoptedCollection) {
        vm.chainId(chains[chain].chainId);
        Deployment memory deployment;
        deployment.manifest = _manifest();
        deployment.manifest.adopted = address(token);
        deployment.components = new address[](COMPONENTS);
        deployment.components[uint256(Component.GATEWAY)] = address(this);
        return new AdoptedCollection(deployment);
    }
}
