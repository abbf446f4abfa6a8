// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Vm} from "forge-std/Vm.sol";
import {ICollection, Leg, LegState} from "../../src/interfaces/ICollection.sol";
import {IGateway, SendRequest, Transport} from "../../src/interfaces/IGateway.sol";
import {ILanes} from "../../src/interfaces/ILanes.sol";
import {Receiver} from "./Stubs.sol";
import {World} from "./World.sol";

/// @dev What should have become of every work and statement, kept from what was done and from the logs alone, and held
/// against what the contracts show.
abstract contract TravelModel is World {
    /// @dev What became of a statement, as far as the model knows.
    enum Fate {
        UNKNOWN,
        IN_FLIGHT,
        APPLIED,
        VOIDED,
        GIVEN_BACK
    }

    struct Flight {
        Fate fate;
        uint256[] workIds;
    }

    struct Seen {
        uint64 hop;
        uint64 revision;
    }

    struct Recredit {
        uint64 hop;
        bytes32 digest;
    }

    /// @dev What can happen, so that a test can tell that it did.
    enum Did {
        MOVES,
        BATCHES,
        MOVES_BY_BOTH,
        REFUSED_RESENDS,
        REFUSED_SENDS,
        ARRIVALS,
        ATTESTATIONS,
        DUPLICATES,
        HELD_FOR_FALLBACK,
        REFUSED_REPLAYS,
        REFUSED_ARRIVALS,
        DISPUTES,
        STALE_FORGERIES,
        HOLDS,
        ENDED_HOLDS,
        WAITING,
        RELEASES,
        REFUSED_RELEASES,
        LIMITS,
        PAUSES,
        RAISED_POLICIES,
        VOIDS,
        REFUSED_VOIDS,
        VOIDS_TOLD,
        GIVEN_BACK,
        RETIREMENTS,
        CLAIMS,
        REFUSED_CLAIMS,
        STRANGERS_CLAIMS,
        REVISIONS,
        FREEZES,
        ROTATIONS,
        TRANSFERS,
        BURNS
    }

    uint256[] public workIds;
    Mail[] internal mails;
    /// @dev Mails that had whatever effect they can have: LayerZero's endpoint takes each once.
    mapping(uint256 mail => bool) internal _executed;
    mapping(bytes32 digest => Flight) internal _flights;
    /// @dev Of these the bridges brought something else as well, so neither may ever be applied.
    mapping(bytes32 digest => bool) internal _disputed;
    /// @dev Statements that carry the work, neither applied nor given back.
    mapping(uint256 workId => uint256) internal _inFlight;
    mapping(uint256 workId => address) internal _lastHolder;
    mapping(uint256 chain => mapping(uint256 workId => Seen)) private _seen;
    mapping(uint256 chain => bool) public retired;
    /// @dev Of the mails: held before they came, waiting for a release, voided where they should have arrived.
    uint256[] internal _held;
    uint256[] internal _waiting;
    uint256[] internal _voided;
    /// @dev Works of the retired chain, and whose they were when it was retired.
    uint256[] internal _claimable;
    address[] internal _claimants;
    uint256 internal _retiredChain;
    address[] internal holders = [ALICE, BOB];
    mapping(Did => uint256) public counts;
    /// @dev Why the contracts broke their word; empty as long as they keep it.
    string public broken;

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

    function worksCount() external view returns (uint256) {
        return workIds.length;
    }

    /// @dev Live legs and messages in flight. A work on a retired chain is there once, whatever that chain shows.
    function copiesOf(uint256 workId) external view returns (uint256 count) {
        if (_isOnRetired(workId)) return 1;
        count = _inFlight[workId];
        for (uint256 i = 0; i < CHAINS; ++i) {
            if (!retired[i] && chains[i].collection.legOf(workId).state == LegState.LIVE) ++count;
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

    /// @dev Reads from the logs what a delivery did, and holds it against what was known of the statement.
    function _noteDelivery(uint256 index, bytes32 before) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bool mayChange = false;
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic == IGateway.StatementApplied.selector) {
                mayChange = true;
                if (retired[mails[index].src]) broken = "a retired chain was heard";
                _noteApplied(index, logs[i].topics[1]);
            } else if (topic == IGateway.StatementRepeated.selector) {
                ++counts[Did.DUPLICATES];
            } else if (topic == IGateway.StatementAttested.selector) {
                ++counts[Did.ATTESTATIONS];
            } else if (topic == IGateway.StatementDisputed.selector) {
                _disputed[mails[index].digest] = true;
                ++counts[Did.DISPUTES];
            } else if (topic == IGateway.StatementHeld.selector) {
                _waiting.push(index);
                ++counts[Did.WAITING];
            } else if (topic == IGateway.StatementFailed.selector) {
                broken = "an honest statement failed";
            } else if (topic == ICollection.WorkHeld.selector) {
                ++counts[Did.HELD_FOR_FALLBACK];
            } else if (topic == ICollection.WorkRecredited.selector) {
                ++counts[Did.GIVEN_BACK];
                _noteGivenBack(index, uint256(logs[i].topics[1]), abi.decode(logs[i].data, (Recredit)).digest);
            }
        }
        if (!mayChange && _fingerprint() != before) broken = "what was not applied changed something";
    }

    function _noteRefusedArrival(bytes memory reason) internal {
        ++counts[Did.REFUSED_ARRIVALS];
        bool expected =
            bytes4(reason) == ILanes.ChainRetired.selector || bytes4(reason) == ILanes.PolicyTooWeak.selector;
        if (!expected) broken = "an arrival was refused for no reason that the model knows";
    }

    function _noteSending(uint256 src, uint256 dst, SendRequest memory request) internal {
        Mail memory mail = _post(src, dst);
        Flight storage flight = _flights[mail.digest];
        flight.fate = Fate.IN_FLIGHT;
        for (uint256 i = 0; i < request.works.length; ++i) {
            flight.workIds.push(request.works[i].workId);
            if (!_isDead(src, dst)) ++_inFlight[request.works[i].workId];
        }
        ++counts[Did.MOVES];
        if (request.works.length > 1) ++counts[Did.BATCHES];
        if (request.transport == Transport.BOTH) ++counts[Did.MOVES_BY_BOTH];
    }

    /// @dev Puts what was just sent among the mails.
    function _post(uint256 src, uint256 dst) internal returns (Mail memory first) {
        Mail[2] memory posted = _postedBoth(src, dst);
        first = posted[0];
        mails.push(first);
        if (posted[1].transport != Transport.NONE) mails.push(posted[1]);
    }

    /// @dev One of a list of mails, or any if there is none yet.
    function _pick(uint256[] storage list, uint256 which) internal view returns (uint256) {
        return list.length == 0 ? which % mails.length : list[which % list.length];
    }

    /// @dev One of the last: of others, few would come before the next move of their work.
    function _recent(uint256 which) internal view returns (uint256) {
        return mails.length - 1 - which % (mails.length < 4 ? mails.length : 4);
    }

    /// @dev What the contracts say when they are meant to refuse.
    function _isRefusal(bytes memory reason) internal pure returns (bool) {
        bytes4 selector = bytes4(reason);
        return selector == ILanes.LaneIsPaused.selector || selector == ILanes.PolicyTooWeak.selector
            || selector == ILanes.LimitExceeded.selector || selector == ILanes.ChainRetired.selector
            || selector == ILanes.StatementOnHold.selector || selector == ILanes.StatementNotWaiting.selector;
    }

    function _liveOn(uint256 workId) internal view returns (bool, uint256) {
        for (uint256 i = 0; i < CHAINS; ++i) {
            if (!retired[i] && chains[i].collection.legOf(workId).state == LegState.LIVE) return (true, i);
        }
        return (false, 0);
    }

    function _locationOf(uint256 workId) internal view returns (bytes32) {
        return chains[HOME].collection.legOf(workId).location;
    }

    function _fingerprint() internal view returns (bytes32 hash) {
        for (uint256 chain = 0; chain < CHAINS; ++chain) {
            for (uint256 i = 0; i < workIds.length; ++i) {
                hash = keccak256(abi.encode(hash, chains[chain].collection.legOf(workIds[i])));
            }
        }
    }

    function _noteApplied(uint256 index, bytes32 digest) private {
        Flight storage flight = _flights[digest];
        if (flight.fate == Fate.UNKNOWN) return;
        if (_disputed[digest]) broken = "a disputed statement was applied";
        if (flight.fate != Fate.IN_FLIGHT) broken = "a statement was applied twice, or after its void";
        flight.fate = Fate.APPLIED;
        ++counts[Did.ARRIVALS];
        for (uint256 i = 0; i < flight.workIds.length; ++i) {
            _land(index, flight.workIds[i]);
        }
    }

    function _noteGivenBack(uint256 index, uint256 workId, bytes32 digest) private {
        Flight storage flight = _flights[digest];
        if (flight.fate != Fate.VOIDED && flight.fate != Fate.GIVEN_BACK) broken = "a work was given back unasked";
        flight.fate = Fate.GIVEN_BACK;
        _land(index, workId);
    }

    function _land(uint256 index, uint256 workId) private {
        if (!_isDead(mails[index].src, mails[index].dst)) --_inFlight[workId];
    }

    /// @dev What happens on a retired chain, or comes from it, no longer counts: a claim at home has taken its place.
    function _isDead(uint256 src, uint256 dst) private view returns (bool) {
        return retired[src] || retired[dst];
    }

    function _isOnRetired(uint256 workId) private view returns (bool) {
        return _retiredChain != HOME && _locationOf(workId) == chains[_retiredChain].chainHash;
    }
}
