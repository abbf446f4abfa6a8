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
        vm.recordLogs();
        uint256 workId = _mint(ALICE, DOCUMENT);
        bytes32 seed = chains[HOME].collection.seedOf(workId);
        bytes memory data = abi.encode(seed, uint256(1), keccak256(abi.encode(DOCUMENT, seed, uint256(1))));
        // Transfer, then WorkMinted.
        assertEq(vm.getRecordedLogs()[1].data, data);
    }

    function test_mint_RevertWhen_DocumentWasMinted() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.DocumentAlreadyMinted.selector, DOCUMENT, workId));
        vm.prank(MINTER);
        collection.mint(BOB, DOCUMENT);
        assertEq(collection.supply(), 1);
    }

    function test_mint_RevertWhen_DocumentWasMintedAndBurned() public {
        uint256 workId = _mint(ALICE, DOCUMENT);
        Collection collection = _on(HOME).collection;
        vm.prank(ALICE);
        collection.burn(workId);
        vm.expectRevert(abi.encodeWithSelector(ICollection.DocumentAlreadyMinted.selector, DOCUMENT, workId));
        vm.prank(MINTER);
        collection.mint(ALICE, DOCUMENT);
    }

    function test_mint_RevertWhen_CapIsReached_AlsoAfterBurns() public {
        uint256 first = _mint(ALICE, DOCUMENT);
        for (uint256 i = 1; i < EDITION_CAP; ++i) {
            _mint(ALICE, keccak256(abi.encode(i)));
        }
        Collection collection = _on(HOME).collection;
        vm.prank(ALICE);
        collection.burn(first);
        vm.expectRevert(abi.encodeWithSelector(ICollection.EditionCapExceeded.selector, EDITION_CAP));
        vm.prank(MINTER);
        collection.mint(ALICE, keccak256("one more"));
        assertEq(collection.minted(), EDITION_CAP);
        assertEq(collection.supply(), EDITION_CAP - 1);
    }

    function test_mint_RevertWhen_NotMinter() public {
        Collection collection = _on(HOME).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, OWNER));
        vm.prank(OWNER);
        collection.mint(ALICE, DOCUMENT);
    }

    function test_mint_RevertWhen_OnMirror() public {
        Collection collection = _on(BASE).collection;
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        vm.prank(MINTER);
        collection.mint(ALICE, DOCUMENT);
    }

    function test_mint_RevertWhen_ReceiverCannotHold() public {
        Collection collection = _on(HOME).collection;
        address[2] memory receivers = [address(0), address(collection)];
        for (uint256 i = 0; i < receivers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, receivers[i]));
            vm.prank(MINTER);
            collection.mint(receivers[i], DOCUMENT);
        }
    }

    function test_mintBatch_numbersEditionsInOrder() public {
        Collection collection = _on(HOME).collection;
        MintRequest[] memory requests = new MintRequest[](3);
        for (uint256 i = 0; i < 3; ++i) {
            requests[i] = MintRequest(ALICE, keccak256(abi.encode(i)));
        }
        vm.prank(MINTER);
        uint256[] memory workIds = collection.mintBatch(requests);
        assertEq(workIds.length, 3);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(uint96(workIds[i]), i + 1);
            assertEq(collection.workOf(requests[i].documentHash), workIds[i]);
        }
    }

    function test_mintBatch_mintsNoneWhen_OneFails() public {
        Collection collection = _on(HOME).collection;
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = MintRequest(ALICE, DOCUMENT);
        requests[1] = MintRequest(ALICE, DOCUMENT);
        vm.expectPartialRevert(ICollection.DocumentAlreadyMinted.selector);
        vm.prank(MINTER);
        collection.mintBatch(requests);
        assertEq(collection.supply(), 0);
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
}
