// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {ICollection, Leg, LegState} from "../src/interfaces/ICollection.sol";
import {ChainEntry, Deployment} from "../src/interfaces/IRegistryFactory.sol";
import {WorkPayload, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {Receiver} from "./support/Stubs.sol";
import {World} from "./support/World.sol";

/// @dev depart and arrive as the Gateway calls them: what the collection enforces whatever the Gateway says.
contract CollectionTravelTest is World {
    bytes32 private constant DIGEST = keccak256("digest");
    uint64 private constant NONCE = 7;
    uint256 private workId;
    bytes32 private seed;
    bytes32 private constant DOCUMENT = keccak256("document");

    function setUp() public override {
        super.setUp();
        workId = _mint(ALICE, DOCUMENT);
        seed = chains[HOME].collection.seedOf(workId);
    }

    // depart

    function test_depart_escrowsAtHome_andClearsApproval() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.approve(BOB, workId);
        vm.expectEmit(address(home));
        emit ICollection.WorkDeparted(workId, chains[BASE].chainHash, 1, ALICE, _bytes32(ALICE), NONCE);
        _depart(HOME, BASE, 0, ALICE);

        Leg memory leg = home.legOf(workId);
        assertEq(uint8(leg.state), uint8(LegState.ESCROWED));
        assertEq(leg.location, chains[BASE].chainHash);
        assertEq(leg.hop, 1);
        assertEq(leg.holder, address(0));
        assertEq(home.ownerOf(workId), address(home));
        assertEq(home.getApproved(workId), address(0));
        assertEq(home.supply(), 1);
    }

    function test_depart_byApprovedOperator() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.setApprovalForAll(BOB, true);
        _depart(HOME, BASE, 0, BOB);
        assertEq(uint8(home.legOf(workId).state), uint8(LegState.ESCROWED));
    }

    function test_depart_burnsOnMirror() public {
        _travelTo(BASE, ALICE);
        Collection mirror = chains[BASE].collection;
        _depart(BASE, HOME, 1, ALICE);
        Leg memory leg = mirror.legOf(workId);
        assertEq(uint8(leg.state), uint8(LegState.BURNED));
        assertEq(leg.location, chains[HOME].chainHash);
        assertEq(leg.hop, 2);
        assertEq(mirror.balanceOf(ALICE), 0);
    }

    function test_depart_RevertWhen_HopWasUsed() public {
        _depart(HOME, BASE, 0, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedHop.selector, 0, 1));
        _depart(HOME, BASE, 0, ALICE);
    }

    function test_depart_RevertWhen_Escrowed() public {
        _depart(HOME, BASE, 0, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.ESCROWED));
        _depart(HOME, BASE, 1, ALICE);
    }

    function test_depart_RevertWhen_Unknown() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.NONE));
        _depart(BASE, HOME, 0, ALICE);
    }

    function test_depart_RevertWhen_OperatorIsNotApproved() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BOB, workId));
        _depart(HOME, BASE, 0, BOB);
    }

    function test_depart_RevertWhen_Frozen() public {
        Collection home = _on(HOME).collection;
        vm.prank(GUARDIAN);
        home.freeze(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkIsFrozen.selector, workId));
        _depart(HOME, BASE, 0, ALICE);
    }

    function test_depart_RevertWhen_HomeToItself() public {
        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, bytes32(0), home));
        _depart(HOME, HOME, 0, ALICE);
    }

    function test_depart_RevertWhen_MirrorToMirror() public {
        _travelTo(BASE, ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollection.WrongLocation.selector, workId, chains[HOME].chainHash, chains[MOONBEAM].chainHash
            )
        );
        _depart(BASE, MOONBEAM, 1, ALICE);
    }

    function test_payloadsOf_RevertWhen_TheDocumentIsNotTheWorks() public {
        WorkSend[] memory works = _sends(0);
        works[0].documentHash = keccak256("another document");
        Collection home = chains[HOME].collection;
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        home.payloadsOf(works);
    }

    function test_depart_RevertWhen_TheSeedIsNotTheWorks() public {
        seed = keccak256("another seed");
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        _depart(HOME, BASE, 0, ALICE);
    }

    function test_depart_movesEveryWorkOfABatch_orNone() public {
        uint256 other = _mint(BOB, keccak256("other"));
        Collection home = _on(HOME).collection;
        WorkSend[] memory works = new WorkSend[](2);
        works[0] = _sends(0)[0];
        works[1] = WorkSend(other, keccak256("other"), home.seedOf(other), 0, _bytes32(ALICE), _bytes32(ALICE));
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, ALICE, other));
        vm.prank(address(chains[HOME].gateway));
        home.depart(chains[BASE].chainHash, NONCE, works, ALICE);

        vm.prank(BOB);
        home.setApprovalForAll(ALICE, true);
        vm.prank(address(chains[HOME].gateway));
        home.depart(chains[BASE].chainHash, NONCE, works, ALICE);
        assertEq(home.balanceOf(address(home)), 2);
    }

    function test_balanceOf_RevertWhen_Nobody() public {
        Collection home = chains[HOME].collection;
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        home.balanceOf(address(0));
    }

    function test_constructor_RevertWhen_AChainCannotBeNumbered() public {
        vm.chainId(chains[HOME].chainId);
        Deployment memory deployment;
        deployment.manifest = _manifest();
        deployment.components = new address[](COMPONENTS);
        ChainEntry memory home = deployment.manifest.chains[HOME];
        deployment.manifest.chains = new ChainEntry[](256);
        deployment.manifest.chains[0] = home;
        vm.expectRevert(abi.encodeWithSelector(ICollection.TooManyChains.selector, 256));
        new Collection(deployment);
    }

    function test_travel_RevertWhen_NotGateway() public {
        Collection home = _on(HOME).collection;
        WorkPayload[] memory works = _one(_payload(1, ALICE, BOB));
        address[3] memory callers = [ALICE, MINTER, OWNER];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(ICollection.Unauthorized.selector, callers[i]);
            vm.startPrank(callers[i]);
            vm.expectRevert(refusal);
            home.depart(chains[BASE].chainHash, NONCE, _sends(0), ALICE);
            vm.expectRevert(refusal);
            home.arrive(chains[BASE].chainHash, DIGEST, abi.encode(works));
            vm.expectRevert(refusal);
            home.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
            vm.expectRevert(refusal);
            home.reclaim(chains[BASE].chainHash, workId, ALICE);
            vm.expectRevert(refusal);
            home.applyRevision(workId, 1, DIGEST, false);
            vm.stopPrank();
        }
    }

    // reclaim

    function test_reclaim_isOfWhatIsOnThatChain_forSomebody() public {
        Collection home = _on(HOME).collection;
        bytes32 homeHash = chains[HOME].chainHash;
        vm.startPrank(address(chains[HOME].gateway));
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, homeHash, homeHash));
        home.reclaim(homeHash, workId, BOB);
        vm.stopPrank();

        _depart(HOME, BASE, 0, ALICE);
        (bytes32 base, bytes32 moonbeam) = (chains[BASE].chainHash, chains[MOONBEAM].chainHash);
        vm.startPrank(address(chains[HOME].gateway));
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, base, moonbeam));
        home.reclaim(moonbeam, workId, BOB);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        home.reclaim(base, workId, address(0));
        home.reclaim(base, workId, BOB);
        assertEq(home.ownerOf(workId), BOB);
    }

    // arrive

    function test_arrive_atHome_RevertWhen_ItComesFromHome() public {
        bytes32 home = chains[HOME].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, home));
        _arrive(HOME, HOME, _payload(1, ALICE, BOB));
    }

    function test_arrive_mintsOnMirror_withItsOrigin() public {
        Collection mirror = _on(BASE).collection;
        WorkPayload memory work = _payload(1, ALICE, BOB);
        vm.expectEmit(address(mirror));
        emit ICollection.WorkArrived(workId, chains[HOME].chainHash, 1, ALICE, DIGEST);
        _arrive(BASE, HOME, work);

        Leg memory leg = mirror.legOf(workId);
        assertEq(uint8(leg.state), uint8(LegState.LIVE));
        assertEq(leg.holder, ALICE);
        assertEq(leg.hop, 1);
        assertEq(leg.location, chains[BASE].chainHash);
        assertEq(mirror.supply(), 0);
    }

    function test_recordSeed_keepsASeedOnAMirror_ifTheIdProvesIt() public {
        Collection mirror = _on(BASE).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.SeedUnknown.selector, workId));
        mirror.seedOf(workId);
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        mirror.recordSeed(workId, DOCUMENT, keccak256("another seed"));
        mirror.recordSeed(workId, DOCUMENT, seed);
        assertEq(mirror.seedOf(workId), seed);
    }

    function test_arrive_releasesAtHome_onlyFromWhereTheWorkWent() public {
        _depart(HOME, BASE, 0, ALICE);
        bytes32 base = chains[BASE].chainHash;
        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, base, moonbeam));
        _arrive(HOME, MOONBEAM, _payload(2, BOB, BOB));

        _arrive(HOME, BASE, _payload(2, BOB, BOB));
        assertEq(chains[HOME].collection.ownerOf(workId), BOB);
        assertEq(chains[HOME].collection.legOf(workId).location, chains[HOME].chainHash);
    }

    function test_arrive_RevertWhen_HomeHasTheWork() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollection.WrongLocation.selector, workId, chains[HOME].chainHash, chains[BASE].chainHash
            )
        );
        _arrive(HOME, BASE, _payload(1, BOB, BOB));
    }

    function test_arrive_RevertWhen_BurnedByHolder() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.burn(workId);
        vm.expectPartialRevert(ICollection.WrongLocation.selector);
        _arrive(HOME, BASE, _payload(1, BOB, BOB));
    }

    function test_arrive_RevertWhen_MirrorHearsFromMirror() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollection.WrongLocation.selector, workId, chains[HOME].chainHash, chains[MOONBEAM].chainHash
            )
        );
        _arrive(BASE, MOONBEAM, _payload(1, BOB, BOB));
    }

    function test_arrive_RevertWhen_MirrorHasTheWork() public {
        _arrive(BASE, HOME, _payload(1, ALICE, BOB));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollection.WrongLocation.selector, workId, chains[BASE].chainHash, chains[HOME].chainHash
            )
        );
        _arrive(BASE, HOME, _payload(2, ALICE, BOB));
    }

    function testFuzz_arrive_RevertWhen_HopIsNotGreater(uint40 stored, uint40 arriving) public {
        stored = uint40(bound(stored, 1, type(uint40).max - 1));
        arriving = uint40(bound(arriving, 0, stored + 1));
        _arrive(BASE, HOME, _payload(stored, ALICE, BOB));
        _depart(BASE, HOME, stored, ALICE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.StaleHop.selector, workId, stored + 1, arriving));
        _arrive(BASE, HOME, _payload(arriving, ALICE, BOB));
    }

    function testFuzz_arrive_RevertWhen_OriginIsNotTheIds(
        bytes32 documentHash,
        bytes32 otherSeed,
        uint64 edition
    ) public {
        WorkPayload memory work = _payload(1, ALICE, BOB);
        vm.assume(documentHash != DOCUMENT || otherSeed != seed || edition != 1);
        work.documentHash = documentHash;
        work.seed = otherSeed;
        work.workId = (work.workId >> 96 << 96) | edition;
        bytes32 commitment = keccak256(abi.encode(documentHash, otherSeed, uint256(edition)));
        vm.expectRevert(abi.encodeWithSelector(ICollection.CommitmentMismatch.selector, work.workId, commitment));
        _arrive(BASE, HOME, work);
    }

    function test_arrive_atHome_RevertWhen_OriginIsNotTheIds() public {
        _depart(HOME, BASE, 0, ALICE);
        WorkPayload memory work = _payload(2, ALICE, BOB);
        work.documentHash = keccak256("another document");
        vm.expectPartialRevert(ICollection.CommitmentMismatch.selector);
        _arrive(HOME, BASE, work);
    }

    function test_arrive_asksAReceiverOnce() public {
        Receiver receiver = new Receiver(Receiver.Mood.ACCEPT);
        _arrive(BASE, HOME, _payload(1, address(receiver), BOB));
        assertEq(chains[BASE].collection.ownerOf(workId), address(receiver));
        assertEq(receiver.asked(), 1);
    }

    function test_arrive_holdsForFallbackWhen_ReceiverFails() public {
        Receiver.Mood[4] memory moods =
            [Receiver.Mood.REVERT, Receiver.Mood.WRONG_ANSWER, Receiver.Mood.BURN_ALL_GAS, Receiver.Mood.HUGE_ANSWER];
        Collection mirror = chains[BASE].collection;
        for (uint40 i = 0; i < moods.length; ++i) {
            vm.expectEmit(address(mirror));
            emit ICollection.WorkHeld(workId, BOB);
            _arrive(BASE, HOME, _payload(2 * i + 1, address(new Receiver(moods[i])), BOB));
            assertEq(mirror.ownerOf(workId), BOB);
            _depart(BASE, HOME, 2 * i + 1, BOB);
        }
    }

    function test_arrive_leavesTheWorkToWhomARefusingReceiverGaveIt() public {
        Receiver receiver = new Receiver(Receiver.Mood.PASS_ON_AND_REFUSE);
        _arrive(BASE, HOME, _payload(1, address(receiver), BOB));
        assertEq(chains[BASE].collection.ownerOf(workId), receiver.PASSED_TO());
    }

    function test_arrive_holdsForFallbackWhen_ReceiverIsNoAddress() public {
        WorkPayload memory work = _payload(1, ALICE, BOB);
        bytes32[3] memory receivers =
            [bytes32(0), bytes32(type(uint256).max), _bytes32(address(chains[BASE].collection))];
        for (uint40 i = 0; i < receivers.length; ++i) {
            work.to = receivers[i];
            work.hop = 2 * i + 1;
            _arrive(BASE, HOME, work);
            assertEq(chains[BASE].collection.ownerOf(workId), BOB);
            _depart(BASE, HOME, work.hop, BOB);
        }
    }

    function test_arrive_RevertWhen_NobodyCanHold() public {
        WorkPayload memory work = _payload(1, address(0), address(0));
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        _arrive(BASE, HOME, work);
    }

    function test_arrive_RevertWhen_TooLittleGasIsLeftForTheReceiver() public {
        Collection mirror = _on(BASE).collection;
        WorkPayload memory work = _payload(1, address(new Receiver(Receiver.Mood.ACCEPT)), BOB);
        vm.prank(address(chains[BASE].gateway));
        (bool done, bytes memory reason) = address(mirror).call{gas: 200_000}(
            abi.encodeCall(mirror.arrive, (chains[HOME].chainHash, DIGEST, abi.encode(_one(work))))
        );
        assertFalse(done);
        assertEq(bytes4(reason), ICollection.CallbackGasTooLow.selector);
    }

    function test_arrive_frozenWorkAlwaysArrives_frozen() public {
        _depart(HOME, BASE, 0, ALICE);
        Collection home = _on(HOME).collection;
        vm.prank(GUARDIAN);
        home.freeze(workId);
        _arrive(HOME, BASE, _payload(2, ALICE, BOB));
        assertEq(home.ownerOf(workId), ALICE);
        assertTrue(home.legOf(workId).frozen);
    }

    // revisions

    function test_arrive_takesOverAGreaterRevision() public {
        WorkPayload memory work = _payload(1, ALICE, BOB);
        work.revision = 4;
        work.stateHash = keccak256("state 4");
        work.frozen = true;
        _arrive(BASE, HOME, work);
        _assertRevision(BASE, 4, keccak256("state 4"), true);
    }

    function test_arrive_keepsTheGreaterRevisionThatCameFirst() public {
        _applyRevision(BASE, 5, true);
        WorkPayload memory work = _payload(1, ALICE, BOB);
        work.revision = 4;
        work.stateHash = keccak256("state 4");
        _arrive(BASE, HOME, work);
        _assertRevision(BASE, 5, keccak256(abi.encode(5)), true);
    }

    function test_arrive_atHome_bringsNoRevision() public {
        _depart(HOME, BASE, 0, ALICE);
        WorkPayload memory work = _payload(2, ALICE, BOB);
        work.revision = 9;
        work.stateHash = keccak256("forged");
        _arrive(HOME, BASE, work);
        _assertRevision(HOME, 0, bytes32(0), false);
    }

    function testFuzz_applyRevision_endsAtTheGreatest(uint40[6] calldata revisions) public {
        uint40 greatest = 0;
        for (uint256 i = 0; i < revisions.length; ++i) {
            _applyRevision(BASE, revisions[i], false);
            if (revisions[i] > greatest) greatest = revisions[i];
            assertEq(chains[BASE].collection.legOf(workId).revision, greatest);
        }
        _assertRevision(BASE, greatest, greatest == 0 ? bytes32(0) : keccak256(abi.encode(greatest)), false);
    }

    function test_applyRevision_lateFreezeDoesNotUndoANewerRelease() public {
        _applyRevision(BASE, 2, false);
        _applyRevision(BASE, 1, true);
        assertFalse(chains[BASE].collection.legOf(workId).frozen);
    }

    function test_applyRevision_RevertWhen_AtHome() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.HomeDecides.selector, workId));
        _applyRevision(HOME, 1, false);
    }

    function _applyRevision(uint256 chain, uint40 revision, bool frozen) private {
        Collection collection = _on(chain).collection;
        vm.prank(address(chains[chain].gateway));
        collection.applyRevision(workId, revision, keccak256(abi.encode(revision)), frozen);
    }

    function _assertRevision(uint256 chain, uint64 revision, bytes32 stateHash, bool frozen) private view {
        Leg memory leg = chains[chain].collection.legOf(workId);
        assertEq(leg.revision, revision);
        assertEq(leg.stateHash, stateHash);
        assertEq(leg.frozen, frozen);
    }

    function _travelTo(uint256 chain, address to) private {
        _depart(HOME, chain, 0, ALICE);
        _arrive(chain, HOME, _payload(1, to, BOB));
    }

    function _depart(uint256 src, uint256 dst, uint64 expectedHop, address operator) private {
        Collection collection = _on(src).collection;
        bytes32 dstChainHash = chains[dst].chainHash;
        WorkSend[] memory works = _sends(expectedHop);
        vm.prank(address(chains[src].gateway));
        collection.depart(dstChainHash, NONCE, works, operator);
    }

    function _arrive(uint256 dst, uint256 src, WorkPayload memory work) private {
        Collection collection = _on(dst).collection;
        bytes32 srcChainHash = chains[src].chainHash;
        vm.prank(address(chains[dst].gateway));
        collection.arrive(srcChainHash, DIGEST, abi.encode(_one(work)));
    }

    function _one(WorkPayload memory work) private pure returns (WorkPayload[] memory works) {
        works = new WorkPayload[](1);
        works[0] = work;
    }

    function _sends(uint64 hop) private view returns (WorkSend[] memory works) {
        works = new WorkSend[](1);
        works[0] = WorkSend(workId, DOCUMENT, seed, hop, _bytes32(ALICE), _bytes32(BOB));
    }

    function _payload(uint40 hop, address to, address fallbackTo) private view returns (WorkPayload memory work) {
        work.workId = workId;
        work.documentHash = DOCUMENT;
        work.seed = seed;
        work.hop = hop;
        work.to = _bytes32(to);
        work.fallbackTo = _bytes32(fallbackTo);
        work.holder = _bytes32(ALICE);
    }
}
