// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Collection} from "../src/Collection.sol";
import {Gateway} from "../src/Gateway.sol";
import {ICollection, Leg, LegState} from "../src/interfaces/ICollection.sol";
import {Kind, Transport} from "../src/interfaces/IGateway.sol";
import {Receiver} from "./support/Stubs.sol";
import {World} from "./support/World.sol";

/// @dev A careless world: holders send and send again, receivers refuse or burn gas, bridges deliver in any order, twice,
/// late, not at all, or where it does not belong, owner and guardian act as they please, and everyone else minds his
/// business in between. Nothing here may revert but what the contracts are meant to refuse.
contract TravelHandler is World {
    struct Seen {
        uint64 hop;
        uint64 revision;
    }

    /// @dev What happened, so that a test can tell that it did.
    struct Counts {
        uint256 moves;
        uint256 refusedResends;
        uint256 arrivals;
        uint256 duplicates;
        uint256 heldForFallback;
        uint256 refusedReplays;
        uint256 revisions;
        uint256 freezes;
        uint256 rotations;
        uint256 transfers;
        uint256 burns;
    }

    uint256[] public workIds;
    Mail[] private mails;
    mapping(uint256 mail => bool) public applied;
    mapping(uint256 chain => mapping(uint256 workId => Seen)) private _seen;
    address[] private holders = [ALICE, BOB];
    Counts private _counts;
    bool public broken;

    constructor() {
        setUp();
        _openAllLanes();
        for (uint256 mood = 0; mood <= uint256(type(Receiver.Mood).max); ++mood) {
            holders.push(address(new Receiver(Receiver.Mood(mood))));
        }
        for (uint256 i = 0; i < holders.length; ++i) {
            vm.deal(holders[i], 1000 ether);
        }
        vm.deal(Receiver(payable(holders[2])).PASSED_TO(), 1000 ether);
    }

    function mint(uint256 salt, uint256 who) external {
        if (workIds.length == EDITION_CAP) return;
        workIds.push(_mint(holders[who % holders.length], keccak256(abi.encode("document", salt, workIds.length))));
    }

    /// @dev Sends a live work wherever it may go, over either transport, and tries to send it once more.
    function send(uint256 work, uint256 to, bool overCcip, uint256 receiver) external {
        if (workIds.length == 0) return;
        uint256 workId = workIds[work % workIds.length];
        (bool live, uint256 src) = _liveOn(workId);
        if (!live || chains[src].collection.legOf(workId).frozen) return;
        uint256 dst = src == HOME ? 1 + to % 2 : HOME;
        Transport transport = overCcip ? Transport.CCIP : Transport.LAYER_ZERO;
        Leg memory leg = chains[src].collection.legOf(workId);
        mails.push(_send(src, dst, transport, workId, leg.holder, holders[receiver % holders.length]));
        ++_counts.moves;

        try chains[src].gateway.sendWorks{value: 1 ether}(_request(dst, transport, workId, leg.hop, ALICE)) {
            broken = true;
        } catch {
            ++_counts.refusedResends;
        }
    }

    /// @dev Delivers any mail ever sent: an old one is late or a duplicate, one that never comes up is lost.
    function deliver(uint256 which) external {
        if (mails.length == 0) return;
        uint256 index = which % mails.length;
        Mail memory mail = mails[index];
        if (mail.transport == Transport.LAYER_ZERO) return _deliverLayerZero(index, mail);
        bytes32 before = _fingerprint();
        vm.recordLogs();
        _deliver(mail);
        _noteDelivery(index, before);
    }

    function state(uint256 work, uint256 to, bool overCcip) external {
        if (workIds.length == 0) return;
        uint256 workId = workIds[work % workIds.length];
        Collection home = _on(HOME).collection;
        Leg memory leg = home.legOf(workId);
        if (leg.state == LegState.BURNED) return;
        vm.prank(MINTER);
        home.stateRevision(workId, leg.revision, keccak256(abi.encode(workId, leg.revision)));
        uint256 dst = 1 + to % 2;
        vm.recordLogs();
        chains[HOME].gateway.sendState{value: 1 ether}(
            chains[dst].chainHash, overCcip ? Transport.CCIP : Transport.LAYER_ZERO, workId
        );
        mails.push(_posted(HOME, dst));
        ++_counts.revisions;
    }

    function freeze(uint256 work, uint256 chain, bool frozen, bool byOwner) external {
        if (workIds.length == 0) return;
        Collection collection = _on(chain % CHAINS).collection;
        vm.prank(byOwner ? OWNER : collection.guardian());
        if (frozen) collection.freeze(workIds[work % workIds.length]);
        else collection.unfreeze(workIds[work % workIds.length]);
        ++_counts.freezes;
    }

    /// @dev The guardian of a chain hands over; the one before has no say any more.
    function rotateGuardian(uint256 chain, uint256 seed) external {
        Collection collection = _on(chain % CHAINS).collection;
        address former = collection.guardian();
        address next = address(uint160(uint256(keccak256(abi.encode("guardian", seed)))));
        if (former == next || workIds.length == 0) return;
        vm.prank(former);
        collection.setGuardian(next);
        vm.prank(former);
        try collection.freeze(workIds[0]) {
            broken = true;
        } catch {
            ++_counts.rotations;
        }
    }

    /// @dev A true message where it does not belong: by the other transport, from another chain, or to another chain.
    function replayElsewhere(uint256 which, uint256 src, uint256 dst, bool overCcip) external {
        if (mails.length == 0) return;
        Mail memory mail = mails[which % mails.length];
        (src, dst) = (src % CHAINS, dst % CHAINS);
        Transport transport = overCcip ? Transport.CCIP : Transport.LAYER_ZERO;
        if (src == mail.src && dst == mail.dst && transport == mail.transport) return;
        bytes32 before = _fingerprint();
        Network storage at = _on(dst);
        vm.prank(overCcip ? address(at.ccip) : address(at.layerZero));
        try at.gateway.deliver(chains[src].chainHash, mail.message) {
            broken = true;
        } catch {
            ++_counts.refusedReplays;
        }
        if (_fingerprint() != before) broken = true;
    }

    function transfer(uint256 work, uint256 to) external {
        if (workIds.length == 0) return;
        uint256 workId = workIds[work % workIds.length];
        (bool live, uint256 chain) = _liveOn(workId);
        if (!live || chains[chain].collection.legOf(workId).frozen) return;
        address holder = chains[chain].collection.ownerOf(workId);
        Collection collection = _on(chain).collection;
        vm.prank(holder);
        collection.transferFrom(holder, holders[to % holders.length], workId);
        ++_counts.transfers;
    }

    function burn(uint256 work, uint256 rarely) external {
        if (workIds.length == 0 || rarely % 8 != 0) return;
        uint256 workId = workIds[work % workIds.length];
        Leg memory leg = chains[HOME].collection.legOf(workId);
        if (leg.state != LegState.LIVE || leg.frozen) return;
        Collection home = _on(HOME).collection;
        vm.prank(leg.holder);
        home.burn(workId);
        ++_counts.burns;
    }

    function counts() external view returns (Counts memory) {
        return _counts;
    }

    function worksCount() external view returns (uint256) {
        return workIds.length;
    }

    function liveLegs(uint256 workId) public view returns (uint256 count) {
        for (uint256 i = 0; i < CHAINS; ++i) {
            if (chains[i].collection.legOf(workId).state == LegState.LIVE) ++count;
        }
    }

    /// @dev Mails that carry the work and had no effect yet.
    function inFlight(uint256 workId) public view returns (uint256 count) {
        for (uint256 i = 0; i < mails.length; ++i) {
            if (!applied[i] && _carries(mails[i], workId)) ++count;
        }
    }

    function isBurned(uint256 workId) external view returns (bool) {
        return chains[HOME].collection.legOf(workId).state == LegState.BURNED;
    }

    function supply() external view returns (uint64) {
        return chains[HOME].collection.supply();
    }

    /// @dev Checks every stored hop and revision against what was last seen, and remembers.
    function observeForward() external returns (bool forward) {
        forward = true;
        for (uint256 chain = 0; chain < CHAINS; ++chain) {
            for (uint256 i = 0; i < workIds.length; ++i) {
                Leg memory leg = chains[chain].collection.legOf(workIds[i]);
                Seen storage seen = _seen[chain][workIds[i]];
                if (leg.hop < seen.hop || leg.revision < seen.revision) forward = false;
                (seen.hop, seen.revision) = (leg.hop, leg.revision);
            }
        }
    }

    function _deliverLayerZero(uint256 index, Mail memory mail) private {
        bytes32 before = _fingerprint();
        vm.recordLogs();
        if (!applied[index]) {
            // The endpoint executes a message only when all earlier ones are verified, so verify up to it.
            for (uint256 i = 0; i <= index; ++i) {
                if (mails[i].transport != Transport.LAYER_ZERO || applied[i]) continue;
                if (mails[i].src == mail.src && mails[i].dst == mail.dst) _verifyByLayerZero(mails[i]);
            }
            _executeByLayerZero(mail, _gasLimitOf(mail));
        } else {
            // What the endpoint itself would refuse, should it ever come through.
            Gateway gateway = _on(mail.dst).gateway;
            vm.prank(address(chains[mail.dst].layerZero));
            gateway.deliver(chains[mail.src].chainHash, mail.message);
        }
        _noteDelivery(index, before);
    }

    function _noteDelivery(uint256 index, bytes32 before) private {
        if (_isFailed(mails[index])) broken = true;
        if (applied[index]) {
            ++_counts.duplicates;
            if (_fingerprint() != before) broken = true;
        } else if (mails[index].kind == Kind.WORKS) {
            ++_counts.arrivals;
        }
        _counts.heldForFallback += _countLogs(ICollection.WorkHeld.selector);
        applied[index] = true;
    }

    function _liveOn(uint256 workId) private view returns (bool, uint256) {
        for (uint256 i = 0; i < CHAINS; ++i) {
            if (chains[i].collection.legOf(workId).state == LegState.LIVE) return (true, i);
        }
        return (false, 0);
    }

    function _carries(Mail memory mail, uint256 workId) private pure returns (bool) {
        bytes memory payload = _statementOf(mail).payload;
        // WORKS: offset, length, then the first work's id. STATE has the id first, and is no move.
        if (payload.length < 13 * 32) return false;
        (,, uint256 carried) = abi.decode(payload, (uint256, uint256, uint256));
        return carried == workId;
    }

    function _fingerprint() private view returns (bytes32 hash) {
        for (uint256 chain = 0; chain < CHAINS; ++chain) {
            for (uint256 i = 0; i < workIds.length; ++i) {
                hash = keccak256(abi.encode(hash, chains[chain].collection.legOf(workIds[i])));
            }
        }
    }
}

/// @dev Invariants 1, 2, 3 and 5 of the design, on three chains over both transports.
contract TravelInvariantTest is World {
    TravelHandler private handler;

    function setUp() public override {
        handler = new TravelHandler();
        bytes4[] memory selectors = new bytes4[](11);
        selectors[0] = handler.mint.selector;
        selectors[1] = handler.send.selector;
        selectors[2] = handler.send.selector;
        selectors[3] = handler.deliver.selector;
        selectors[4] = handler.deliver.selector;
        selectors[5] = handler.state.selector;
        selectors[6] = handler.freeze.selector;
        selectors[7] = handler.transfer.selector;
        selectors[8] = handler.burn.selector;
        selectors[9] = handler.replayElsewhere.selector;
        selectors[10] = handler.rotateGuardian.selector;
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), selectors));
    }

    /// @dev Exactly one live leg or one message in flight per work; none after a burn. And the sum is the supply.
    function invariant_oneLiveCopy() public view {
        uint256 existing = 0;
        for (uint256 i = 0; i < handler.worksCount(); ++i) {
            uint256 workId = handler.workIds(i);
            uint256 copies = handler.liveLegs(workId) + handler.inFlight(workId);
            assertEq(copies, handler.isBurned(workId) ? 0 : 1, "copies");
            existing += copies;
        }
        assertEq(existing, handler.supply(), "supply");
        assertLe(handler.supply(), EDITION_CAP, "cap");
    }

    /// @dev Hops and revisions never go back on any chain.
    function invariant_stateOnlyMovesForward() public {
        assertTrue(handler.observeForward());
    }

    /// @dev Second sends were all refused, duplicates changed nothing, no honest statement failed.
    function invariant_nothingHappensTwice() public view {
        assertFalse(handler.broken());
        assertEq(handler.counts().refusedResends, handler.counts().moves);
    }

    /// @dev The handler reaches all that it is made for: 600 steps of a fixed sequence do.
    function test_handler_leavesNothingOut() public {
        for (uint256 i = 0; i < 600; ++i) {
            _step(uint256(keccak256(abi.encode(i))));
        }
        invariant_oneLiveCopy();
        invariant_nothingHappensTwice();
        TravelHandler.Counts memory counts = handler.counts();
        assertGt(counts.moves, 0, "moves");
        assertGt(counts.arrivals, 0, "arrivals");
        assertGt(counts.duplicates, 0, "duplicates");
        assertGt(counts.heldForFallback, 0, "held for fallback");
        assertGt(counts.refusedReplays, 0, "refused replays");
        assertGt(counts.revisions, 0, "revisions");
        assertGt(counts.freezes, 0, "freezes");
        assertGt(counts.rotations, 0, "rotations");
        assertGt(counts.transfers, 0, "transfers");
        assertGt(counts.burns, 0, "burns");
    }

    function _step(uint256 seed) private {
        (uint256 a, uint256 b, uint256 c) = (seed >> 16, seed >> 80, seed >> 144);
        bool d = (seed >> 240) & 1 == 1;
        uint256 what = seed % 10;
        if (what == 0) handler.mint(a, b);
        else if (what <= 2) handler.send(a, b, d, c);
        else if (what <= 4) handler.deliver(a);
        else if (what == 5) handler.state(a, b, d);
        else if (what == 6) handler.freeze(a, b, d, c % 2 == 0);
        else if (what == 7) handler.transfer(a, b);
        else if (what == 8) handler.replayElsewhere(a, b, c, d);
        else if (d) handler.burn(a, b);
        else handler.rotateGuardian(a, b);
    }
}
