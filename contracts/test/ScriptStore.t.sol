// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Test} from "forge-std/Test.sol";
import {ScriptStore} from "../src/ScriptStore.sol";
import {Dependency, IScriptStore, ScriptInfo} from "../src/interfaces/IScriptStore.sol";
import {RoleBook} from "./support/RoleBook.sol";

contract ScriptStoreTest is Test {
    bytes32 private constant HOME = keccak256("eip155:1");
    address private immutable OWNER = makeAddr("owner");
    address private immutable MINTER = makeAddr("minter");
    address private immutable STRANGER = makeAddr("stranger");

    ScriptStore private store;
    RoleBook private book;
    address private collection;

    function setUp() public {
        store = new ScriptStore();
        book = new RoleBook(OWNER, MINTER, HOME, HOME);
        collection = address(book);
    }

    function test_begin_keepsHashAndDependenciesInOrder() public {
        Dependency[] memory needed = _dependencies();
        vm.expectEmit(address(store));
        emit IScriptStore.ScriptBegun(collection, keccak256("script"), needed);
        vm.prank(OWNER);
        store.begin(collection, keccak256("script"), needed);

        _assertInfo(keccak256("script"), false, 0, 0);
        assertEq(abi.encode(store.dependenciesOf(collection)), abi.encode(needed));
    }

    function test_begin_takesWhatWasThereAway() public {
        _write("first script", 5);
        Dependency[] memory none = new Dependency[](0);
        vm.prank(MINTER);
        store.begin(collection, keccak256("second"), none);
        _assertInfo(keccak256("second"), false, 0, 0);
        assertEq(store.dependenciesOf(collection).length, 0);
        _append(0, "second");
        vm.prank(MINTER);
        store.complete(collection);
        assertEq(store.scriptOf(collection), "second");
    }

    function test_begin_RevertWhen_ContentHashIsMissing() public {
        vm.expectRevert(IScriptStore.ContentHashMissing.selector);
        vm.prank(OWNER);
        store.begin(collection, 0, _dependencies());
    }

    function test_begin_RevertWhen_TheCollectionsHomeIsElsewhere() public {
        address mirror = address(new RoleBook(OWNER, MINTER, HOME, keccak256("eip155:8453")));
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.NotHomeCollection.selector, mirror, HOME));
        vm.prank(OWNER);
        store.begin(mirror, keccak256("script"), _dependencies());
    }

    function test_writing_RevertWhen_CallerIsNeitherOwnerNorMinter() public {
        bytes memory refusal = abi.encodeWithSelector(IScriptStore.NotScriptWriter.selector, collection, STRANGER);
        Dependency[] memory needed = _dependencies();
        vm.startPrank(STRANGER);
        vm.expectRevert(refusal);
        store.begin(collection, keccak256("script"), needed);
        vm.stopPrank();
        _begin("script");
        vm.startPrank(STRANGER);
        vm.expectRevert(refusal);
        store.append(collection, 0, "script");
        vm.stopPrank();
        _append(0, "script");
        vm.startPrank(STRANGER);
        vm.expectRevert(refusal);
        store.complete(collection);
        vm.stopPrank();
        _assertInfo(keccak256("script"), false, 1, 6);
    }

    function test_writing_RevertWhen_TheFirstEditionIsMinted() public {
        _begin("script");
        _append(0, "script");
        book.setReserved(1);
        bytes memory refusal = abi.encodeWithSelector(IScriptStore.ScriptLocked.selector, collection, 1);
        Dependency[] memory needed = _dependencies();
        vm.startPrank(MINTER);
        vm.expectRevert(refusal);
        store.begin(collection, keccak256("other"), needed);
        vm.expectRevert(refusal);
        store.append(collection, 1, "more");
        vm.expectRevert(refusal);
        store.complete(collection);
        vm.stopPrank();
    }

    function testFuzz_scriptOf_isWhatWasWritten_inAnyChunks(bytes memory script, uint256 step) public {
        vm.assume(script.length > 0);
        step = bound(step, (script.length + 63) / 64, script.length);
        _write(script, step);
        assertEq(store.scriptOf(collection), script);
        _assertInfo(keccak256(script), true, (script.length + step - 1) / step, script.length);
        assertEq(store.chunkOf(collection, 0), _slice(script, 0, step));
    }

    function test_complete_tellsHashChunksAndSize() public {
        _begin("script");
        _append(0, "scr");
        _append(1, "ipt");
        vm.expectEmit(address(store));
        emit IScriptStore.ScriptCompleted(collection, keccak256("script"), 2, 6);
        vm.prank(OWNER);
        store.complete(collection);
    }

    function test_complete_RevertWhen_TheChunksAreNotWhatWasAnnounced() public {
        _begin("script");
        _append(0, "scrip");
        vm.expectRevert(
            abi.encodeWithSelector(IScriptStore.ContentHashMismatch.selector, keccak256("script"), keccak256("scrip"))
        );
        vm.prank(OWNER);
        store.complete(collection);
        _assertInfo(keccak256("script"), false, 1, 5);
    }

    function test_scriptOf_RevertWhen_NotComplete() public {
        _begin("script");
        _append(0, "script");
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ScriptIncomplete.selector, collection));
        store.scriptOf(collection);
        assertEq(store.chunkOf(collection, 0), "script");
    }

    function test_chunkOf_RevertWhen_BeyondTheLast() public {
        _write("script", 6);
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ChunkUnknown.selector, collection, 1));
        store.chunkOf(collection, 1);
    }

    function test_append_RevertWhen_RepeatedOrAhead() public {
        _begin("script");
        _append(0, "scr");
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.UnexpectedChunk.selector, 1, 0));
        store.append(collection, 0, "scr");
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.UnexpectedChunk.selector, 1, 2));
        store.append(collection, 2, "ipt");
        vm.stopPrank();
    }

    function test_writing_RevertWhen_NothingWasBegun() public {
        bytes memory refusal = abi.encodeWithSelector(IScriptStore.ScriptUnknown.selector, collection);
        vm.startPrank(OWNER);
        vm.expectRevert(refusal);
        store.append(collection, 0, "script");
        vm.expectRevert(refusal);
        store.complete(collection);
        vm.stopPrank();
    }

    function test_writing_RevertWhen_TheScriptIsComplete() public {
        _write("script", 6);
        bytes memory refusal = abi.encodeWithSelector(IScriptStore.ScriptAlreadyComplete.selector, collection);
        vm.startPrank(OWNER);
        vm.expectRevert(refusal);
        store.append(collection, 1, "more");
        vm.expectRevert(refusal);
        store.complete(collection);
        vm.stopPrank();
    }

    function test_append_takesTheLargestChunkThatTheChainCanHold() public {
        bytes memory chunk = new bytes(store.MAX_CHUNK_BYTES());
        chunk[chunk.length - 1] = 0xff;
        _write(chunk, chunk.length);
        assertEq(store.scriptOf(collection), chunk);
    }

    function test_append_RevertWhen_ChunkIsEmptyOrTooLarge() public {
        _begin("script");
        uint256 tooLarge = store.MAX_CHUNK_BYTES() + 1;
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ChunkSizeInvalid.selector, 0));
        store.append(collection, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ChunkSizeInvalid.selector, tooLarge));
        store.append(collection, 0, new bytes(tooLarge));
        vm.stopPrank();
    }

    function test_append_RevertWhen_TheChainDoesNotMakeTheContract() public {
        _begin("script");
        // An account at the last nonce can create nothing (EIP-2681).
        vm.setNonceUnsafe(address(store), type(uint64).max);
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ChunkNotStored.selector, 0));
        vm.prank(OWNER);
        store.append(collection, 0, "script");
    }

    function test_theLargestScript_fitsATransaction_andNotAChunkMore() public {
        uint256 step = store.MAX_CHUNK_BYTES();
        uint256 chunks = store.MAX_CHUNKS();
        bytes memory script = new bytes(step * chunks);
        _begin(script);
        bytes memory chunk = new bytes(step);
        for (uint256 i = 0; i < chunks; ++i) {
            _append(i, chunk);
        }
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.TooManyChunks.selector, chunks));
        vm.prank(OWNER);
        store.append(collection, chunks, "more");

        vm.prank(OWNER);
        uint256 before = gasleft();
        store.complete(collection);
        assertLt(before - gasleft(), 16_000_000);
    }

    function test_scripts_doNotMeet() public {
        address other = address(new RoleBook(STRANGER, STRANGER, HOME, HOME));
        _write("script", 6);
        vm.prank(STRANGER);
        store.begin(other, keccak256("theirs"), new Dependency[](0));
        assertEq(store.scriptOf(collection), "script");
        vm.expectRevert(abi.encodeWithSelector(IScriptStore.ScriptIncomplete.selector, other));
        store.scriptOf(other);
    }

    function _write(bytes memory script, uint256 step) private {
        _begin(script);
        for (uint256 at = 0; at < script.length; at += step) {
            _append(at / step, _slice(script, at, step));
        }
        vm.prank(OWNER);
        store.complete(collection);
    }

    function _begin(bytes memory script) private {
        vm.prank(OWNER);
        store.begin(collection, keccak256(script), _dependencies());
    }

    function _append(uint256 index, bytes memory chunk) private {
        vm.prank(MINTER);
        store.append(collection, index, chunk);
    }

    function _assertInfo(bytes32 contentHash, bool complete, uint256 chunkCount, uint256 size) private view {
        ScriptInfo memory info = store.infoOf(collection);
        assertEq(info.contentHash, contentHash);
        assertEq(info.complete, complete);
        assertEq(info.chunkCount, chunkCount);
        assertEq(info.size, size);
    }

    function _slice(bytes memory whole, uint256 from, uint256 length) private pure returns (bytes memory part) {
        if (from + length > whole.length) length = whole.length - from;
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = whole[from + i];
        }
    }

    function _dependencies() private pure returns (Dependency[] memory needed) {
        needed = new Dependency[](2);
        needed[0] = Dependency("p5.js", "1.11.2", keccak256("p5"));
        needed[1] = Dependency("three.js", "0.170.0", keccak256("three"));
    }
}
