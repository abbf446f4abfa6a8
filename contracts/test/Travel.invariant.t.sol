// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Test} from "forge-std/Test.sol";
import {TravelHandler} from "./support/TravelHandler.sol";
import {TravelModel} from "./support/TravelModel.sol";

/// @dev Invariants 1, 2, 3 and 5 of the design, on three chains over both transports.
contract TravelInvariantTest is Test {
    uint64 private constant EDITION_CAP = 20;

    TravelHandler private handler;

    function setUp() public {
        handler = new TravelHandler();
        bytes4[23] memory actions = [
            handler.mint.selector,
            handler.send.selector,
            handler.send.selector,
            handler.deliver.selector,
            handler.deliverRecent.selector,
            handler.deliverRecent.selector,
            handler.deliverForged.selector,
            handler.deliverStale.selector,
            handler.state.selector,
            handler.freeze.selector,
            handler.rotateGuardian.selector,
            handler.hold.selector,
            handler.release.selector,
            handler.pause.selector,
            handler.limit.selector,
            handler.requireBoth.selector,
            handler.voidStatement.selector,
            handler.tellVoid.selector,
            handler.retire.selector,
            handler.claim.selector,
            handler.replayElsewhere.selector,
            handler.transfer.selector,
            handler.burn.selector
        ];
        bytes4[] memory selectors = new bytes4[](actions.length);
        for (uint256 i = 0; i < actions.length; ++i) {
            selectors[i] = actions[i];
        }
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), selectors));
    }

    /// @dev Exactly one live leg or one message in flight per work, none after a burn, and the sum is the supply; hops
    /// and revisions never go back on any chain; second sends were all refused, duplicates, disputes and refused
    /// messages changed nothing, no statement was applied twice or after its void, and no honest one failed.
    function invariant_oneLiveCopy_onlyForward_nothingTwice() public {
        uint256 existing = 0;
        for (uint256 i = 0; i < handler.worksCount(); ++i) {
            uint256 workId = handler.workIds(i);
            uint256 copies = handler.copiesOf(workId);
            assertEq(copies, handler.isBurned(workId) ? 0 : 1, "copies");
            existing += copies;
        }
        assertEq(existing, handler.supply(), "supply");
        assertLe(handler.supply(), EDITION_CAP, "cap");
        assertTrue(handler.observeForward(), "forward");
        assertEq(handler.broken(), "");
        assertEq(handler.counts(TravelModel.Did.REFUSED_RESENDS), handler.counts(TravelModel.Did.MOVES), "second sends");
    }

    /// @dev The handler reaches all that it is made for: fixed sequences of steps do.
    function test_handler_leavesNothingOut() public {
        uint256[] memory sums = new uint256[](uint256(type(TravelModel.Did).max) + 1);
        for (uint256 run = 0; run < 6; ++run) {
            setUp();
            for (uint256 i = 0; i < 400; ++i) {
                _step(uint256(keccak256(abi.encode(run, i))));
            }
            invariant_oneLiveCopy_onlyForward_nothingTwice();
            for (uint256 i = 0; i < sums.length; ++i) {
                sums[i] += handler.counts(TravelModel.Did(i));
            }
        }
        for (uint256 i = 0; i < sums.length; ++i) {
            assertGt(sums[i], 0, string.concat("number ", vm.toString(i), " of TravelModel.Did"));
        }
    }

    function _step(uint256 seed) private {
        (uint256 a, uint256 b, uint256 c) = (seed >> 16, seed >> 80, seed >> 144);
        bool d = (seed >> 240) & 1 == 1;
        uint256 what = seed % 28;
        if (what < 2) handler.mint(a, b);
        else if (what < 6) handler.send(a, b, c, seed >> 200);
        else if (what < 7) handler.deliver(a);
        else if (what < 12) handler.deliverRecent(a);
        else if (what == 12) handler.deliverForged(a, d);
        else if (what == 13) handler.state(a, b, d);
        else if (what == 14) handler.freeze(a, b, b % 4 == 0, c % 2 == 0);
        else if (what == 15) handler.rotateGuardian(a, b);
        else if (what == 16) handler.hold(a, uint64(b), d);
        else if (what == 17) handler.release(a);
        else if (what == 18) handler.pause(a, b, c, seed >> 200 & 3 != 0);
        else if (what == 19) handler.limit(a, b, d, uint32(c));
        else if (what == 20) handler.requireBoth(a);
        else if (what == 21) handler.voidStatement(a);
        else if (what == 22) handler.tellVoid(a, b);
        else if (what == 23) handler.retire(a, b);
        else if (what == 24) handler.claim(a);
        else if (what == 25) handler.replayElsewhere(a, b, c, d);
        else if (what == 26) handler.deliverStale(a);
        else if (d) handler.transfer(a, b);
        else handler.burn(a, b);
    }
}
