// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {ICollection, Leg, LegState} from "../src/interfaces/ICollection.sol";
import {WorkPayload, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {World} from "./support/World.sol";

/// @dev recredit as the Gateway calls it once a statement is void: the holder who sent has the work again, once.
contract CollectionRecreditTest is World {
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    bytes32 private constant DIGEST = keccak256("digest");
    uint64 private constant NONCE = 7;
    bytes32 private constant DOCUMENT = keccak256("document");
    uint256 private workId;

    function setUp() public override {
        super.setUp();
        workId = _mint(ALICE, DOCUMENT);
    }

    function test_recredit_atHome_givesTheWorkBack_andTheNextMoveTakesTheNextHop() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        Collection home = chains[HOME].collection;
        vm.expectEmit(address(home));
        emit ICollection.WorkRecredited(workId, 1, ALICE, DIGEST);
        _recredit(HOME, BASE, works);

        Leg memory leg = home.legOf(workId);
        assertEq(uint8(leg.state), uint8(LegState.LIVE));
        assertEq(leg.holder, ALICE);
        assertEq(leg.hop, 1);
        assertEq(leg.location, chains[HOME].chainHash);
        assertEq(home.balanceOf(ALICE), 1);
        assertEq(home.balanceOf(address(home)), 0);

        assertEq(_depart(HOME, MOONBEAM, ALICE)[0].hop, 2);
        assertEq(home.legOf(workId).location, chains[MOONBEAM].chainHash);
    }

    function test_recredit_onMirror_givesTheWorkBack() public {
        _arrive(BASE, HOME, _depart(HOME, BASE, ALICE));
        _recredit(BASE, HOME, _depart(BASE, HOME, BOB));
        Leg memory leg = chains[BASE].collection.legOf(workId);
        assertEq(uint8(leg.state), uint8(LegState.LIVE));
        assertEq(leg.holder, BOB);
        assertEq(leg.hop, 2);
    }

    function test_recredit_isForTheHolderWhoSent_notForTheReceiver() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.approve(BOB, workId);
        WorkPayload[] memory works = _depart(HOME, BASE, BOB);
        assertEq(works[0].holder, _bytes32(ALICE));
        assertEq(works[0].to, _bytes32(BOB));
        _recredit(HOME, BASE, works);
        assertEq(home.ownerOf(workId), ALICE);
        assertEq(home.getApproved(workId), address(0));
    }

    function test_recredit_twiceChangesNothing() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        _recredit(HOME, BASE, works);
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.transferFrom(ALICE, BOB, workId);
        _assertRecreditChangesNothing(HOME, BASE, works);
        assertEq(home.ownerOf(workId), BOB);
    }

    function test_recredit_changesNothingWhen_TheWorkCameBack() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        _arrive(BASE, HOME, works);
        _arrive(HOME, BASE, _depart(BASE, HOME, BOB));
        _assertRecreditChangesNothing(HOME, BASE, works);
    }

    function test_recredit_changesNothingWhen_TheWorkLeftAgain() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        _recredit(HOME, BASE, works);
        _depart(HOME, BASE, ALICE);
        _assertRecreditChangesNothing(HOME, BASE, works);
    }

    function test_recredit_changesNothingWhen_TheWorkWentToAnotherChain() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        _assertRecreditChangesNothing(HOME, MOONBEAM, works);
        _assertRecreditChangesNothing(HOME, HOME, works);
    }

    function test_recredit_changesNothingWhen_TheWorkNeverLeft() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        uint256 other = _mint(ALICE, keccak256("other"));
        works[0].workId = other;
        works[0].hop = 0;
        _assertRecreditChangesNothing(HOME, BASE, works);
        assertEq(chains[HOME].collection.ownerOf(other), ALICE);
    }

    function test_recredit_onMirror_RevertWhen_NotToHome() public {
        _arrive(BASE, HOME, _depart(HOME, BASE, ALICE));
        WorkPayload[] memory works = _depart(BASE, HOME, BOB);
        bytes32 home = chains[HOME].chainHash;
        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WrongLocation.selector, workId, home, moonbeam));
        _recredit(BASE, MOONBEAM, works);
    }

    function test_recredit_changesNothingWhen_TheStatementWasNotTheOneThatCarriedTheWork() public {
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        works[0].holder = _bytes32(BOB);
        _assertRecreditChangesNothing(HOME, BASE, works);
        works[0].holder = _bytes32(ALICE);
        uint256 snapshot = vm.snapshotState();
        vm.recordLogs();
        _recredit(HOME, BASE, NONCE + 1, works);
        assertEq(vm.getRecordedLogs().length, 0);
        vm.revertToState(snapshot);
        _recredit(HOME, BASE, works);
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
    }

    function test_recredit_givesBackEachWorkOfABatch() public {
        uint256 other = _mint(ALICE, keccak256("other"));
        WorkSend[] memory sends = new WorkSend[](2);
        sends[0] = WorkSend(workId, DOCUMENT, _seedOf(workId), 0, _bytes32(BOB), _bytes32(BOB));
        sends[1] = WorkSend(other, keccak256("other"), _seedOf(other), 0, _bytes32(BOB), _bytes32(BOB));
        Collection home = _on(HOME).collection;
        vm.startPrank(address(chains[HOME].gateway));
        WorkPayload[] memory works = home.depart(chains[BASE].chainHash, NONCE, sends, ALICE);
        assertEq(home.balanceOf(address(home)), 2);
        home.recredit(chains[BASE].chainHash, DIGEST, NONCE, works);
        assertEq(home.balanceOf(ALICE), 2);
    }

    // ERC-4907

    function test_setUser_namesAUserUntilTheTimeIsOver() public {
        Collection home = _on(HOME).collection;
        vm.expectEmit(address(home));
        emit UpdateUser(workId, BOB, 1000);
        vm.prank(ALICE);
        home.setUser(workId, BOB, 1000);
        vm.warp(1000);
        assertEq(home.userOf(workId), BOB);
        assertEq(home.userExpires(workId), 1000);
        vm.warp(1001);
        assertEq(home.userOf(workId), address(0));
        vm.prank(ALICE);
        home.setUser(workId, address(0), 0);
        assertEq(home.userExpires(workId), 0);
    }

    function test_setUser_RevertWhen_NotAuthorized() public {
        Collection home = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BOB, workId));
        vm.prank(BOB);
        home.setUser(workId, BOB, 1000);
    }

    function test_setUser_RevertWhen_TheWorkIsNotHere() public {
        _depart(HOME, BASE, ALICE);
        Collection home = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.ESCROWED));
        vm.prank(address(home));
        home.setUser(workId, BOB, 1000);
    }

    function test_userOf_travelsWithTheWork_andIsNowhereElse() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.setUser(workId, BOB, 1000);
        WorkPayload[] memory works = _depart(HOME, BASE, ALICE);
        assertEq(home.userOf(workId), address(0));
        _arrive(BASE, HOME, works);
        Collection mirror = chains[BASE].collection;
        assertEq(mirror.userOf(workId), BOB);
        assertEq(mirror.userExpires(workId), 1000);

        // What home still has stored is stale: the user was taken away on the mirror.
        vm.prank(BOB);
        mirror.setUser(workId, address(0), 0);
        _arrive(HOME, BASE, _depart(BASE, HOME, BOB));
        assertEq(home.userOf(workId), address(0));
        assertEq(home.userExpires(workId), 0);
    }

    function test_userOf_isBackAfterRecredit() public {
        Collection home = _on(HOME).collection;
        vm.prank(ALICE);
        home.setUser(workId, BOB, 1000);
        _recredit(HOME, BASE, _depart(HOME, BASE, ALICE));
        assertEq(home.userOf(workId), BOB);
    }

    function test_userOf_outlivesATransfer() public {
        Collection home = _on(HOME).collection;
        vm.startPrank(ALICE);
        home.setUser(workId, BOB, 1000);
        home.transferFrom(ALICE, GUARDIAN, workId);
        assertEq(home.userOf(workId), BOB);
    }

    /// @dev To BOB.
    function _depart(uint256 src, uint256 dst, address operator) private returns (WorkPayload[] memory works) {
        Collection collection = _on(src).collection;
        WorkSend[] memory sends = new WorkSend[](1);
        uint64 hop = collection.legOf(workId).hop;
        sends[0] = WorkSend(workId, DOCUMENT, _seedOf(workId), hop, _bytes32(BOB), _bytes32(BOB));
        vm.prank(address(chains[src].gateway));
        works = collection.depart(chains[dst].chainHash, NONCE, sends, operator);
    }

    function _arrive(uint256 dst, uint256 src, WorkPayload[] memory works) private {
        Collection collection = _on(dst).collection;
        vm.prank(address(chains[dst].gateway));
        collection.arrive(chains[src].chainHash, DIGEST, abi.encode(works));
    }

    function _recredit(uint256 src, uint256 dst, WorkPayload[] memory works) private {
        _recredit(src, dst, NONCE, works);
    }

    function _recredit(uint256 src, uint256 dst, uint64 nonce, WorkPayload[] memory works) private {
        Collection collection = _on(src).collection;
        bytes32 dstChainHash = chains[dst].chainHash;
        vm.prank(address(chains[src].gateway));
        collection.recredit(dstChainHash, DIGEST, nonce, works);
    }

    function _assertRecreditChangesNothing(uint256 src, uint256 dst, WorkPayload[] memory works) private {
        Collection collection = chains[src].collection;
        bytes memory before = abi.encode(collection.legOf(workId), collection.balanceOf(ALICE));
        vm.recordLogs();
        _recredit(src, dst, works);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(abi.encode(collection.legOf(workId), collection.balanceOf(ALICE)), before);
    }
}
