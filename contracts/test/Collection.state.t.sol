// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {ICollection, Leg, LegState} from "../src/interfaces/ICollection.sol";
import {IGatewayUser} from "../src/interfaces/IGatewayUser.sol";
import {World} from "./support/World.sol";

/// @dev Revisions, freezes, transfers and settings.
contract CollectionStateTest is World {
    bytes32 private constant STATE = keccak256("state");
    uint256 private workId;
    Collection private home;

    function setUp() public override {
        super.setUp();
        workId = _mint(ALICE, keccak256("document"));
        home = chains[HOME].collection;
    }

    function test_stateRevision_raisesByOne() public {
        vm.expectEmit(address(home));
        emit ICollection.RevisionStated(workId, 1, STATE);
        vm.prank(MINTER);
        assertEq(home.stateRevision(workId, 0, STATE), 1);
        assertEq(home.legOf(workId).revision, 1);
        assertEq(home.legOf(workId).stateHash, STATE);
    }

    function test_stateRevision_RevertWhen_StatedBefore() public {
        vm.startPrank(MINTER);
        home.stateRevision(workId, 0, STATE);
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedRevision.selector, 0, 1));
        home.stateRevision(workId, 0, STATE);
    }

    function test_stateRevision_RevertWhen_NotMinter() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, OWNER));
        vm.prank(OWNER);
        home.stateRevision(workId, 0, STATE);
    }

    function test_stateRevision_RevertWhen_OnMirror() public {
        Collection mirror = _on(BASE).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        vm.prank(MINTER);
        mirror.stateRevision(workId, 0, STATE);
    }

    function test_stateRevision_RevertWhen_UnknownOrBurned() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkUnknown.selector, 7));
        vm.prank(MINTER);
        home.stateRevision(7, 0, STATE);
        vm.prank(ALICE);
        home.burn(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.BURNED));
        vm.prank(MINTER);
        home.stateRevision(workId, 0, STATE);
    }

    function test_freeze_stopsTransfers_untilUnfrozen() public {
        vm.prank(GUARDIAN);
        home.freeze(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkIsFrozen.selector, workId));
        vm.prank(ALICE);
        home.transferFrom(ALICE, BOB, workId);
        vm.prank(OWNER);
        home.unfreeze(workId);
        vm.prank(ALICE);
        home.transferFrom(ALICE, BOB, workId);
        assertEq(home.ownerOf(workId), BOB);
    }

    function test_freeze_atHome_isARevision_andTwiceChangesNothing() public {
        vm.startPrank(GUARDIAN);
        home.freeze(workId);
        home.freeze(workId);
        assertEq(home.legOf(workId).revision, 1);
        home.unfreeze(workId);
        home.unfreeze(workId);
        assertEq(home.legOf(workId).revision, 2);
        assertFalse(home.legOf(workId).frozen);
    }

    function test_freeze_onMirror_isLocal_andReachesAbsentWorks() public {
        Collection mirror = _on(BASE).collection;
        vm.startPrank(GUARDIAN);
        mirror.freeze(workId);
        assertTrue(mirror.legOf(workId).frozen);
        assertEq(mirror.legOf(workId).revision, 0);
    }

    function test_unfreeze_onMirror_doesNotLiftWhatHomeStated() public {
        Collection mirror = _on(BASE).collection;
        vm.prank(address(chains[BASE].gateway));
        mirror.applyRevision(workId, 1, STATE, true);
        vm.prank(GUARDIAN);
        mirror.unfreeze(workId);
        assertTrue(mirror.legOf(workId).frozen);
    }

    function test_applyRevision_doesNotLiftALocalFreeze() public {
        Collection mirror = _on(BASE).collection;
        vm.prank(GUARDIAN);
        mirror.freeze(workId);
        vm.prank(address(chains[BASE].gateway));
        mirror.applyRevision(workId, 1, STATE, false);
        assertTrue(mirror.legOf(workId).frozen);
    }

    function test_freeze_RevertWhen_NotGuardianOrOwner() public {
        bytes memory refusal = abi.encodeWithSelector(ICollection.Unauthorized.selector, MINTER);
        vm.startPrank(MINTER);
        vm.expectRevert(refusal);
        home.freeze(workId);
        vm.expectRevert(refusal);
        home.unfreeze(workId);
    }

    function test_freeze_RevertWhen_UnknownAtHome() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkUnknown.selector, 7));
        vm.prank(GUARDIAN);
        home.freeze(7);
    }

    function test_transferFrom_RevertWhen_ToTheCollectionItself() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(home)));
        vm.prank(ALICE);
        home.transferFrom(ALICE, address(home), workId);
    }

    function test_settings_belongToTheOwner() public {
        vm.startPrank(OWNER);
        home.setMinter(BOB);
        home.setPolicy(MINTER);
        home.setOperator(ARTIST);
        vm.stopPrank();
        assertEq(home.minter(), BOB);
        assertEq(home.policy(), MINTER);
        assertEq(home.operator(), ARTIST);
    }

    function test_setGuardian_byTheGuardianAtOnce_orThroughTheQueue() public {
        vm.prank(GUARDIAN);
        home.setGuardian(ALICE);
        assertEq(home.guardian(), ALICE);
        vm.prank(address(chains[HOME].queue));
        home.setGuardian(BOB);
        assertEq(home.guardian(), BOB);
    }

    function test_setGuardian_RevertWhen_TheOwnerDoesNotWait() public {
        vm.expectRevert(abi.encodeWithSelector(IGatewayUser.NotQueue.selector, OWNER));
        vm.prank(OWNER);
        home.setGuardian(OWNER);
    }

    function test_uris_belongToOperatorAndOwner() public {
        address[2] memory callers = [OPERATOR, OWNER];
        for (uint256 i = 0; i < callers.length; ++i) {
            string memory base = string.concat("https://works/", vm.toString(i), "/");
            vm.startPrank(callers[i]);
            home.setBaseURI(base);
            home.setContractURI(base);
            vm.stopPrank();
            assertEq(home.tokenURI(workId), string.concat(base, vm.toString(workId)));
            assertEq(home.contractURI(), base);
        }
    }

    function test_uris_RevertWhen_NotOperatorNorOwner() public {
        bytes memory refusal = abi.encodeWithSelector(ICollection.Unauthorized.selector, MINTER);
        vm.startPrank(MINTER);
        vm.expectRevert(refusal);
        home.setBaseURI("");
        vm.expectRevert(refusal);
        home.setContractURI("");
    }

    function test_settings_RevertWhen_NotOwner() public {
        bytes memory refusal = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, MINTER);
        vm.startPrank(MINTER);
        vm.expectRevert(refusal);
        home.setMinter(MINTER);
        vm.expectRevert(refusal);
        home.setPolicy(MINTER);
        vm.expectRevert(refusal);
        home.setOperator(MINTER);
    }

    function test_constructor_takesTheManifest() public view {
        assertEq(home.name(), "Tides");
        assertEq(home.symbol(), "TIDE");
        assertEq(home.owner(), OWNER);
        assertEq(home.contractURI(), "ipfs://collection");
        assertEq(home.editionCap(), EDITION_CAP);
        (address receiver, uint256 amount) = home.royaltyInfo(workId, 10_000);
        assertEq(receiver, ARTIST);
        assertEq(amount, 750);
    }

    function test_supportsInterface_namesItsStandards() public view {
        bytes4[5] memory ids =
            [bytes4(0x01ffc9a7), bytes4(0x80ac58cd), bytes4(0x2a55205a), bytes4(0x49064906), bytes4(0xad092b5c)];
        for (uint256 i = 0; i < ids.length; ++i) {
            assertTrue(home.supportsInterface(ids[i]));
        }
        assertFalse(home.supportsInterface(0xffffffff));
    }

    function test_seedOf_RevertWhen_Unknown() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.SeedUnknown.selector, 7));
        home.seedOf(7);
        Leg memory leg = home.legOf(7);
        assertEq(abi.encode(leg), new bytes(7 * 32));
    }
}
