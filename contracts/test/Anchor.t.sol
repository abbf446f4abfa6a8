// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Test} from "forge-std/Test.sol";
import {Anchor} from "../src/Anchor.sol";
import {AnchoredRoot, IAnchor} from "../src/interfaces/IAnchor.sol";

/// @dev Entries and roots are those of the Certificate Transparency project's own tests of RFC 6962 trees.
contract AnchorTest is Test {
    bytes32 private constant LOG = keccak256("registry");
    address private immutable PUBLISHER = makeAddr("publisher");

    Anchor private anchors;
    bytes[8] private entries = [
        bytes(""),
        hex"00",
        hex"10",
        hex"2021",
        hex"3031",
        hex"40414243",
        hex"5051525354555657",
        hex"606162636465666768696a6b6c6d6e6f"
    ];
    bytes32[8] private roots = [
        bytes32(0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d),
        0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125,
        0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77,
        0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7,
        0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4,
        0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef,
        0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c,
        0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
    ];

    function setUp() public {
        anchors = new Anchor();
        vm.warp(1_800_000_000);
    }

    function test_anchor_keepsEachRootByIndexAndSize() public {
        _anchor(3, roots[2]);
        vm.warp(1_800_000_060);
        vm.expectEmit(address(anchors));
        emit IAnchor.RootAnchored(PUBLISHER, LOG, 1, 7, roots[6]);
        assertEq(_anchor(7, roots[6]), 1);

        assertEq(anchors.countOf(PUBLISHER, LOG), 2);
        _assertRoot(anchors.rootAt(PUBLISHER, LOG, 0), roots[2], 3, 1_800_000_000);
        _assertRoot(anchors.rootAt(PUBLISHER, LOG, 1), roots[6], 7, 1_800_000_060);
        _assertRoot(anchors.rootAtSize(PUBLISHER, LOG, 3), roots[2], 3, 1_800_000_000);
        _assertRoot(anchors.latestOf(PUBLISHER, LOG), roots[6], 7, 1_800_000_060);
    }

    function test_views_areZeroForWhatWasNeverAnchored() public {
        _assertRoot(anchors.latestOf(PUBLISHER, LOG), 0, 0, 0);
        _anchor(3, roots[2]);
        for (uint64 size = 0; size < 5; ++size) {
            if (size != 3) _assertRoot(anchors.rootAtSize(PUBLISHER, LOG, size), 0, 0, 0);
        }
    }

    function test_rootAt_RevertWhen_BeyondTheLast() public {
        _anchor(3, roots[2]);
        vm.expectRevert(abi.encodeWithSelector(IAnchor.RootUnknown.selector, PUBLISHER, LOG, 1));
        anchors.rootAt(PUBLISHER, LOG, 1);
    }

    function test_anchor_RevertWhen_TheLogHasNotGrown() public {
        _anchor(3, roots[2]);
        for (uint64 size = 0; size <= 3; ++size) {
            vm.expectRevert(abi.encodeWithSelector(IAnchor.LogNotGrown.selector, LOG, 3, size));
            _anchor(size, roots[3]);
        }
        _assertRoot(anchors.rootAtSize(PUBLISHER, LOG, 3), roots[2], 3, 1_800_000_000);
    }

    function test_anchor_RevertWhen_TheLogIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(IAnchor.LogNotGrown.selector, LOG, 0, 0));
        _anchor(0, roots[0]);
    }

    function test_logs_ofOthersAreTheirOwn() public {
        _anchor(3, roots[2]);
        anchors.anchor(LOG, 1, roots[0]);
        vm.prank(PUBLISHER);
        anchors.anchor(keccak256("another registry"), 1, roots[0]);
        assertEq(anchors.countOf(PUBLISHER, LOG), 1);
        assertEq(anchors.countOf(address(this), LOG), 1);
    }

    function testFuzz_rootAtSize_findsExactlyTheAnchoredSizes(uint8[16] calldata steps) public {
        uint64 size = 0;
        for (uint256 i = 0; i < steps.length; ++i) {
            size += 1 + uint64(steps[i]);
            _anchor(size, bytes32(i + 1));
        }
        uint64 at = 0;
        for (uint256 i = 0; i < steps.length; ++i) {
            if (steps[i] != 0) assertEq(anchors.rootAtSize(PUBLISHER, LOG, at + steps[i]).root, 0);
            at += 1 + uint64(steps[i]);
            assertEq(anchors.rootAtSize(PUBLISHER, LOG, at).root, bytes32(i + 1));
        }
    }

    function test_isIncluded_holdsForEveryEntryOfEveryPublishedTree() public {
        for (uint64 size = 1; size <= 8; ++size) {
            _anchor(size, roots[size - 1]);
            for (uint64 index = 0; index < size; ++index) {
                assertTrue(_isIncluded(size, index, _leaf(index), _path(index, 0, size)));
            }
        }
    }

    /// @dev Paths written out, so that the tests' own tree is not their only witness.
    function test_isIncluded_takesThePublishedPaths() public {
        _anchor(5, roots[4]);
        _anchor(8, roots[7]);
        bytes32[] memory path = new bytes32[](3);
        path[0] = 0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d;
        path[1] = 0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e;
        path[2] = 0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b;
        assertTrue(_isIncluded(5, 1, _leaf(1), path));
        path[0] = 0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b;
        path[1] = 0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0;
        path[2] = 0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7;
        assertTrue(_isIncluded(8, 5, _leaf(5), path));
    }

    function test_isIncluded_refusesAnotherEntryPositionOrSize() public {
        _anchor(7, roots[6]);
        _anchor(8, roots[7]);
        for (uint64 index = 0; index < 8; ++index) {
            bytes32[] memory path = _path(index, 0, 8);
            assertFalse(_isIncluded(8, index, _leaf((index + 1) % 8), path));
            assertFalse(_isIncluded(8, (index + 1) % 8, _leaf(index), path));
            assertFalse(_isIncluded(7, index, _leaf(index), path));
        }
    }

    function test_isIncluded_refusesAPathThatIsTooShortOrTooLong() public {
        _anchor(8, roots[7]);
        bytes32[] memory path = _path(5, 0, 8);
        bytes32[] memory longer = new bytes32[](4);
        bytes32[] memory shorter = new bytes32[](2);
        for (uint256 i = 0; i < 3; ++i) {
            longer[i] = path[i];
            if (i < 2) shorter[i] = path[i];
        }
        assertFalse(_isIncluded(8, 5, _leaf(5), longer));
        assertFalse(_isIncluded(8, 5, _leaf(5), shorter));
        assertFalse(_isIncluded(8, 5, _leaf(5), new bytes32[](0)));
    }

    function test_isIncluded_refusesMoreSiblingsThanTheTreeHasLevels() public {
        // A root under which the longer path would be right, if levels were not counted.
        bytes32[] memory path = new bytes32[](1);
        _anchor(1, sha256(bytes.concat(hex"01", path[0], _leaf(0))));
        assertFalse(_isIncluded(1, 0, _leaf(0), path));
    }

    function test_isIncluded_refusesANodeAsALeaf() public {
        _anchor(4, roots[3]);
        bytes32[] memory path = new bytes32[](1);
        path[0] = _root(2, 4);
        assertFalse(_isIncluded(4, 0, _root(0, 2), path));
        assertNotEq(anchors.leafHashOf(bytes.concat(_leaf(0), _leaf(1))), _root(0, 2));
    }

    function test_isIncluded_refusesAPositionBeyondTheEnd() public {
        _anchor(1, roots[0]);
        assertTrue(_isIncluded(1, 0, _leaf(0), new bytes32[](0)));
        assertFalse(_isIncluded(1, 1, _leaf(0), new bytes32[](0)));
        assertFalse(_isIncluded(0, 0, _leaf(0), new bytes32[](0)));
    }

    function test_isIncluded_refusesEverythingUnderARootThatWasNotAnchored() public view {
        assertFalse(_isIncluded(1, 0, 0, new bytes32[](0)));
    }

    function _anchor(uint64 size, bytes32 root) private returns (uint256) {
        vm.prank(PUBLISHER);
        return anchors.anchor(LOG, size, root);
    }

    function _isIncluded(
        uint64 size,
        uint64 index,
        bytes32 leafHash,
        bytes32[] memory path
    ) private view returns (bool) {
        return anchors.isIncluded(PUBLISHER, LOG, size, index, leafHash, path);
    }

    function _assertRoot(AnchoredRoot memory found, bytes32 root, uint64 size, uint64 at) private pure {
        assertEq(found.root, root);
        assertEq(found.size, size);
        assertEq(found.anchoredAt, at);
    }

    function _leaf(uint64 index) private view returns (bytes32) {
        return anchors.leafHashOf(entries[index]);
    }

    /// @dev MTH of RFC 9162 §2.1.1 over the entries from `from` up to, without, `to`.
    function _root(uint64 from, uint64 to) private view returns (bytes32) {
        if (to - from == 1) return _leaf(from);
        uint64 half = from + _split(to - from);
        return sha256(bytes.concat(hex"01", _root(from, half), _root(half, to)));
    }

    /// @dev PATH of RFC 9162 §2.1.3.1.
    function _path(uint64 index, uint64 from, uint64 to) private view returns (bytes32[] memory path) {
        if (to - from == 1) return new bytes32[](0);
        uint64 half = from + _split(to - from);
        bool isLeft = index < half;
        bytes32[] memory below = isLeft ? _path(index, from, half) : _path(index, half, to);
        path = new bytes32[](below.length + 1);
        for (uint256 i = 0; i < below.length; ++i) {
            path[i] = below[i];
        }
        path[below.length] = isLeft ? _root(half, to) : _root(from, half);
    }

    /// @dev The largest power of two below `count`.
    function _split(uint64 count) private pure returns (uint64 power) {
        for (power = 1; power * 2 < count; power *= 2) {}
    }
}
