// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {ICollection, Leg, LegState, MintRequest} from "../src/interfaces/ICollection.sol";
import {World} from "./support/World.sol";

contract CollectionMintTest is World {
    bytes32 private constant DOCUMENT = keccak256("document");

    function test_mint_bindsIdToCommitment() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = chains[HOME].collection;

        bytes32 commitment = keccak256(abi.encode(DOCUMENT, collection.seedOf(workId), uint256(1)));
        assertEq(workId >> 96, uint256(commitment) >> 96);
        assertEq(uint96(workId), 1);

        Leg memory leg = collection.legOf(workId);
        assertEq(leg.holder, ALICE);
        assertEq(uint8(leg.state), uint8(LegState.LIVE));
        assertEq(leg.hop, 0);
        assertEq(leg.location, chains[HOME].chainHash);
        assertEq(collection.supply(), 1);
        assertEq(collection.workOf(DOCUMENT), workId);
    }

    function test_mint_emitsWorkMinted() public {
        _commit(ALICE, DOCUMENT);
        vm.roll(block.number + 2);
        bytes32 seed = _expectedSeed(DOCUMENT, 1, block.number - 1);
        bytes32 commitment = keccak256(abi.encode(DOCUMENT, seed, uint256(1)));
        Collection collection = _on(HOME).collection;
        vm.expectEmit(address(collection));
        emit ICollection.WorkMinted(
            uint256(uint160(uint256(commitment) >> 96)) << 96 | 1, ALICE, DOCUMENT, seed, 1, commitment
        );
        collection.mint(DOCUMENT);
    }

    function test_commitMints_reservesEditionsInOrder() public {
        Collection collection = _on(HOME).collection;
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = MintRequest(ALICE, DOCUMENT, "");
        requests[1] = MintRequest(BOB, keccak256("other"), "");
        vm.roll(77);
        vm.expectEmit(address(collection));
        emit ICollection.MintCommitted(DOCUMENT, ALICE, 1);
        vm.expectEmit(address(collection));
        emit ICollection.MintCommitted(keccak256("other"), BOB, 2);
        vm.prank(MINTER);
        collection.commitMints(requests);

        assertEq(abi.encode(collection.commitOf(DOCUMENT)), abi.encode(ALICE, 77, 1));
        assertEq(abi.encode(collection.commitOf(keccak256("other"))), abi.encode(BOB, 77, 2));
        assertEq(collection.workOf(DOCUMENT), 0);
        assertEq(collection.reserved(), 2);
        assertEq(collection.minted(), 0);
        assertEq(collection.supply(), 0);
    }

    function test_commitMints_RevertWhen_DocumentIsCommittedOrMinted() public {
        Collection collection = _on(HOME).collection;
        bytes memory refusal = abi.encodeWithSelector(ICollection.DocumentAlreadyCommitted.selector, DOCUMENT, 1);
        MintRequest[] memory again = _mintRequest(BOB, DOCUMENT);
        _commit(ALICE, DOCUMENT);
        vm.expectRevert(refusal);
        vm.prank(MINTER);
        collection.commitMints(again);

        vm.roll(block.number + 2);
        uint256 workId = collection.mint(DOCUMENT);
        vm.expectRevert(refusal);
        vm.prank(MINTER);
        collection.commitMints(again);

        vm.prank(ALICE);
        collection.burn(workId);
        vm.expectRevert(refusal);
        vm.prank(MINTER);
        collection.commitMints(again);
        assertEq(collection.reserved(), 1);
    }

    function test_commitMints_RevertWhen_CapIsReached_AlsoAfterBurns() public {
        uint256 first = _mint(ALICE, DOCUMENT);
        for (uint256 i = 1; i < EDITION_CAP; ++i) {
            _commit(ALICE, keccak256(abi.encode(i)));
        }
        Collection collection = _on(HOME).collection;
        vm.prank(ALICE);
        collection.burn(first);
        MintRequest[] memory more = _mintRequest(ALICE, keccak256("one more"));
        vm.expectRevert(abi.encodeWithSelector(ICollection.EditionCapExceeded.selector, EDITION_CAP));
        vm.prank(MINTER);
        collection.commitMints(more);
        assertEq(collection.reserved(), EDITION_CAP);
        assertEq(collection.minted(), 1);
        assertEq(collection.supply(), 0);
    }

    function test_commitMints_reservesNoneWhen_OneFails() public {
        Collection collection = _on(HOME).collection;
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = MintRequest(ALICE, DOCUMENT, "");
        requests[1] = MintRequest(ALICE, DOCUMENT, "");
        vm.expectPartialRevert(ICollection.DocumentAlreadyCommitted.selector);
        vm.prank(MINTER);
        collection.commitMints(requests);
        assertEq(collection.reserved(), 0);
    }

    function test_commitMints_RevertWhen_NotMinter() public {
        Collection collection = _on(HOME).collection;
        MintRequest[] memory requests = _mintRequest(ALICE, DOCUMENT);
        vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, OWNER));
        vm.prank(OWNER);
        collection.commitMints(requests);
    }

    function test_commitMints_RevertWhen_OnMirror() public {
        Collection collection = _on(BASE).collection;
        MintRequest[] memory requests = _mintRequest(ALICE, DOCUMENT);
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        vm.prank(MINTER);
        collection.commitMints(requests);
    }

    function test_commitMints_RevertWhen_ReceiverCannotHold() public {
        Collection collection = _on(HOME).collection;
        address[2] memory receivers = [address(0), address(collection)];
        for (uint256 i = 0; i < receivers.length; ++i) {
            MintRequest[] memory requests = _mintRequest(receivers[i], DOCUMENT);
            vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, receivers[i]));
            vm.prank(MINTER);
            collection.commitMints(requests);
        }
    }

    function test_mint_byAnyone_neverToAnyoneElse() public {
        _commit(ALICE, DOCUMENT);
        vm.roll(block.number + 2);
        Collection collection = _on(HOME).collection;
        vm.prank(makeAddr("stranger"));
        uint256 workId = collection.mint(DOCUMENT);
        assertEq(collection.ownerOf(workId), ALICE);
        assertEq(abi.encode(collection.commitOf(DOCUMENT)), abi.encode(0, 0, 0));
    }

    function test_mint_twiceChangesNothing() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.prank(ALICE);
        collection.transferFrom(ALICE, BOB, workId);
        vm.recordLogs();
        assertEq(collection.mint(DOCUMENT), workId);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(collection.ownerOf(workId), BOB);
        assertEq(collection.minted(), 1);
    }

    function test_mint_RevertWhen_NothingIsCommitted() public {
        Collection collection = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.DocumentNotCommitted.selector, DOCUMENT));
        collection.mint(DOCUMENT);
    }

    function test_mint_RevertWhen_TheSeedsBlockIsNotThere() public {
        vm.roll(100);
        _commit(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        for (uint256 at = 100; at <= 101; ++at) {
            vm.roll(at);
            vm.expectRevert(abi.encodeWithSelector(ICollection.CommitTooYoung.selector, DOCUMENT, 102));
            collection.mint(DOCUMENT);
        }
        vm.roll(102);
        collection.mint(DOCUMENT);
    }

    /// @dev For 256 blocks the seed is one, whenever and by whomever it is minted.
    function testFuzz_mint_drawsOneSeed_asLongAsItsBlockIsKnown(uint256 later) public {
        vm.roll(1_000);
        _commit(ALICE, DOCUMENT);
        vm.roll(bound(later, 1_002, 1_001 + 256));
        Collection collection = _on(HOME).collection;
        assertEq(collection.seedOf(collection.mint(DOCUMENT)), _expectedSeed(DOCUMENT, 1, 1_001));
    }

    /// @dev Then the draw changes, once in 256 blocks, and is never the zero hash of a block that is forgotten.
    function testFuzz_mint_fallsBackToTheLatestBlockAWholeNumberOfTimes256Later(uint256 later) public {
        vm.roll(1_000);
        _commit(ALICE, DOCUMENT);
        later = bound(later, 1_002 + 256, 1_000_000);
        vm.roll(later);
        uint256 drawn = 1_001 + (later - 1 - 1_001) / 256 * 256;
        assertTrue(drawn < later && later - drawn <= 256 && blockhash(drawn) != 0);
        Collection collection = _on(HOME).collection;
        assertEq(collection.seedOf(collection.mint(DOCUMENT)), _expectedSeed(DOCUMENT, 1, drawn));
    }

    function test_mintBatch_mintsInOrder_andPassesOverWhatIsMinted() public {
        Collection collection = _on(HOME).collection;
        bytes32[] memory documents = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            documents[i] = keccak256(abi.encode(i));
            _commit(ALICE, documents[i]);
        }
        vm.roll(block.number + 2);
        uint256 earlier = collection.mint(documents[1]);
        uint256[] memory workIds = collection.mintBatch(documents);
        assertEq(workIds.length, 3);
        assertEq(workIds[1], earlier);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(uint96(workIds[i]), i + 1);
            assertEq(collection.workOf(documents[i]), workIds[i]);
        }
        assertEq(collection.minted(), 3);
        assertEq(collection.balanceOf(ALICE), 3);
    }

    function test_mintBatch_mintsNoneWhen_OneFails() public {
        Collection collection = _on(HOME).collection;
        _commit(ALICE, DOCUMENT);
        vm.roll(block.number + 2);
        bytes32[] memory documents = new bytes32[](2);
        documents[0] = DOCUMENT;
        documents[1] = keccak256("never committed");
        vm.expectPartialRevert(ICollection.DocumentNotCommitted.selector);
        collection.mintBatch(documents);
        assertEq(collection.minted(), 0);
    }

    function test_burn_reducesSupplyForEver() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.expectEmit(address(collection));
        emit ICollection.WorkBurned(workId, ALICE);
        vm.prank(ALICE);
        collection.burn(workId);
        assertEq(collection.supply(), 0);
        assertEq(uint8(collection.legOf(workId).state), uint8(LegState.BURNED));
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkNotLive.selector, workId, LegState.BURNED));
        vm.prank(ALICE);
        collection.burn(workId);
    }

    function test_burn_RevertWhen_NotHolder() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BOB, workId));
        vm.prank(BOB);
        collection.burn(workId);
    }

    function test_burn_RevertWhen_Frozen() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.prank(GUARDIAN);
        collection.freeze(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.WorkIsFrozen.selector, workId));
        vm.prank(ALICE);
        collection.burn(workId);
    }

    function test_burn_RevertWhen_OnMirror() public {
        _openAllLanes();
        uint256 workId = _mint(ALICE, DOCUMENT);
        _move(HOME, BASE, DEFAULT, workId, ALICE, ALICE);
        Collection collection = _on(BASE).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        vm.prank(ALICE);
        collection.burn(workId);
    }

    function _expectedSeed(bytes32 documentHash, uint64 edition, uint256 drawn) private view returns (bytes32) {
        bytes32 registryId = chains[HOME].collection.registryId();
        return keccak256(abi.encode(blockhash(drawn), documentHash, edition, registryId));
    }
}
