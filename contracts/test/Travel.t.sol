// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Leg, LegState} from "../src/interfaces/ICollection.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {World} from "./support/World.sol";

/// @dev Whole journeys over the real Router and the real EndpointV2.
contract TravelTest is World {
    function setUp() public override {
        super.setUp();
        _openAllLanes();
    }

    function test_travel_homeToBaseOverCcipHomeAndOnToMoonbeamOverLayerZeroAndBack() public {
        uint256 workId = _mint(ALICE, keccak256("document"));

        _move(HOME, BASE, Transport.CCIP, workId, ALICE, BOB);
        _assertLiveOnlyOn(BASE, workId, BOB, 1);
        _move(BASE, HOME, Transport.CCIP, workId, BOB, ALICE);
        _assertLiveOnlyOn(HOME, workId, ALICE, 2);
        _move(HOME, MOONBEAM, Transport.LAYER_ZERO, workId, ALICE, ALICE);
        _assertLiveOnlyOn(MOONBEAM, workId, ALICE, 3);
        _move(MOONBEAM, HOME, Transport.LAYER_ZERO, workId, ALICE, ALICE);
        _assertLiveOnlyOn(HOME, workId, ALICE, 4);

        assertEq(chains[HOME].collection.supply(), 1);
    }

    function _assertLiveOnlyOn(uint256 chain, uint256 workId, address holder, uint64 hop) private view {
        uint256 live = 0;
        for (uint256 i = 0; i < CHAINS; ++i) {
            Leg memory leg = chains[i].collection.legOf(workId);
            if (leg.state != LegState.LIVE) continue;
            ++live;
            assertEq(i, chain);
            assertEq(leg.holder, holder);
            assertEq(leg.hop, hop);
            assertEq(chains[i].collection.ownerOf(workId), holder);
        }
        assertEq(live, 1);
        Leg memory home = chains[HOME].collection.legOf(workId);
        assertEq(home.location, chains[chain].chainHash);
    }
}
