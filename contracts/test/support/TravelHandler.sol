// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Vm} from "forge-std/Vm.sol";
import {Collection} from "../../src/Collection.sol";
import {Gateway} from "../../src/Gateway.sol";
import {ICollection, Leg, LegState} from "../../src/interfaces/ICollection.sol";
import {IDelayedQueue, QueuedCall} from "../../src/interfaces/IDelayedQueue.sol";
import {IGateway, Kind, SendRequest, Statement, Transport} from "../../src/interfaces/IGateway.sol";
import {ILanes} from "../../src/interfaces/ILanes.sol";
import {Limit} from "../../src/interfaces/IRegistryFactory.sol";
import {WorkPayload, WorkSend} from "../../src/interfaces/PayloadTypes.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {Receiver} from "./Stubs.sol";
import {World} from "./World.sol";

/// @dev A careless world: holders send and send again, alone and in batches, over either bridge or both; receivers
/// refuse or burn gas; bridges deliver in any order, twice, late, not at all, where it does not belong, or something
/// else under the same nonce; owner and guardian pause, hold, limit, void and retire as they please, and everyone else
/// minds his business in between. Nothing here may revert but what the contracts are meant to refuse.
contract TravelHandler is World {
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
        REVISIONS,
        FREEZES,
        ROTATIONS,
        TRANSFERS,
        BURNS
    }

    uint256 private constant MOST_PER_BATCH = 3;

    uint256[] public workIds;
    Mail[] private mails;
    /// @dev Mails that had whatever effect they can have: LayerZero's endpoint takes each once.
    mapping(uint256 mail => bool) private _executed;
    mapping(bytes32 digest => Flight) private _flights;
    mapping(bytes32 digest => bool) private _disputed;
    /// @dev Statements that carry the work, neither applied nor given back.
    mapping(uint256 workId => uint256) private _inFlight;
    mapping(uint256 workId => address) private _lastHolder;
    mapping(uint256 chain => mapping(uint256 workId => Seen)) private _seen;
    mapping(uint256 chain => bool) public retired;
    /// @dev Of the mails: held before they came, waiting for a release, voided where they should have arrived.
    uint256[] private _held;
    uint256[] private _waiting;
    uint256[] private _voided;
    /// @dev Works of the retired chain, and whose they were when it was retired.
    uint256[] private _claimable;
    address[] private _claimants;
    uint256 private _retiredChain;
    uint256 private _forgeries;
    address[] private holders = [ALICE, BOB];
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

    function mint(uint256 salt, uint256 who) external {
        if (workIds.length == EDITION_CAP) return;
        workIds.push(_mint(holders[who % holders.length], keccak256(abi.encode("document", salt, workIds.length))));
    }

    /// @dev Sends a live work wherever it may go, with others of its holder if there are, by one bridge or both, and
    /// tries to send them once more.
    function send(uint256 work, uint256 to, uint256 how, uint256 receiver) external {
        if (workIds.length == 0) return;
        uint256 workId = workIds[work % workIds.length];
        (bool live, uint256 src) = _liveOn(workId);
        if (!live || chains[src].collection.legOf(workId).frozen) return;
        uint256 dst = src == HOME ? 1 + to % 2 : HOME;
        SendRequest memory request;
        request.dstChainHash = chains[dst].chainHash;
        request.transport = _policyOf(how);
        address holder = chains[src].collection.legOf(workId).holder;
        request.works = _worksOf(src, workId, holder, holders[receiver % holders.length]);

        Gateway gateway = _on(src).gateway;
        vm.recordLogs();
        vm.prank(holder);
        try gateway.sendWorks{value: 1 ether}(request) {
            _noteSending(src, dst, request);
        } catch (bytes memory reason) {
            if (_isRefusal(reason)) ++counts[Did.REFUSED_SENDS];
            else broken = "a send was refused for no reason that the model knows";
            return;
        }
        vm.prank(holder);
        try gateway.sendWorks{value: 1 ether}(request) {
            broken = "a work was sent twice";
        } catch {
            ++counts[Did.REFUSED_RESENDS];
        }
    }

    /// @dev Delivers any mail ever sent: an old one is late or a duplicate, one that never comes up is lost.
    function deliver(uint256 which) external {
        if (mails.length != 0) _deliverMail(which % mails.length);
    }

    /// @dev As {deliver}, of one of the last.
    function deliverRecent(uint256 which) external {
        if (mails.length == 0) return;
        _deliverMail(_recent(which));
    }

    /// @dev One of two bridges brings something else under the nonce of a statement that needs both.
    function deliverForged(uint256 which, bool overCcip) external {
        if (mails.length == 0) return;
        uint256 index = _recent(which);
        Mail memory mail = mails[index];
        Statement memory statement = _statementOf(mail);
        if (statement.minPolicy != uint8(Transport.BOTH) || statement.kind != Kind.WORKS) return;
        WorkPayload[] memory works = abi.decode(statement.payload, (WorkPayload[]));
        // Never the same twice: what both bridges bring is believed.
        works[0].to = _bytes32(address(uint160(0xBAD00000 + ++_forgeries)));
        statement.payload = abi.encode(works);
        mail.transport = overCcip ? Transport.CCIP : Transport.LAYER_ZERO;
        bytes32 before = _fingerprint();
        _deliverAsTransport(mail, abi.encode(statement));
        _noteDelivery(index, before);
        if (_fingerprint() != before) broken = "one bridge alone changed something";
    }

    function state(uint256 work, uint256 to, bool overCcip) external {
        if (workIds.length == 0) return;
        uint256 workId = workIds[work % workIds.length];
        Collection home = _on(HOME).collection;
        Leg memory leg = home.legOf(workId);
        if (leg.state == LegState.BURNED) return;
        vm.prank(MINTER);
        home.stateRevision(workId, leg.revision, keccak256(abi.encode(workId, leg.revision)));
        ++counts[Did.REVISIONS];
        uint256 dst = 1 + to % 2;
        vm.recordLogs();
        try chains[HOME].gateway.sendState{value: 1 ether}(
            chains[dst].chainHash, overCcip ? Transport.CCIP : Transport.LAYER_ZERO, workId
        ) {
            mails.push(_posted(HOME, dst));
        } catch (bytes memory reason) {
            if (!_isRefusal(reason)) broken = "a revision was refused for no reason that the model knows";
        }
    }

    function freeze(uint256 work, uint256 chain, bool frozen, bool byOwner) external {
        if (workIds.length == 0) return;
        Collection collection = _on(chain % CHAINS).collection;
        vm.prank(byOwner ? OWNER : collection.guardian());
        if (frozen) collection.freeze(workIds[work % workIds.length]);
        else collection.unfreeze(workIds[work % workIds.length]);
        ++counts[Did.FREEZES];
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
            broken = "a former guardian froze a work";
        } catch {
            ++counts[Did.ROTATIONS];
        }
    }

    /// @dev The guardian holds a statement back before it comes, or ends a hold.
    function hold(uint256 which, uint64 seconds_, bool end) external {
        if (mails.length == 0) return;
        uint256 index = end ? _pick(_held, which) : _recent(which);
        Mail memory mail = mails[index];
        ILanes lanes = _on(mail.dst).lanes;
        vm.startPrank(chains[mail.dst].collection.guardian());
        if (end) {
            if (lanes.heldUntil(mail.digest) > block.timestamp) {
                lanes.endHold(mail.digest);
                ++counts[Did.ENDED_HOLDS];
            }
        } else if (lanes.heldUntil(mail.digest) == 0) {
            lanes.holdStatement(mail.digest, 1 + seconds_ % 72 hours);
            _held.push(index);
            ++counts[Did.HOLDS];
        }
        vm.stopPrank();
    }

    /// @dev Anyone releases what waits, if its time has come and the limit lets it pass.
    function release(uint256 which) external {
        if (mails.length == 0) return;
        uint256 index = _pick(_waiting, which);
        Mail memory mail = mails[index];
        Gateway gateway = _on(mail.dst).gateway;
        bytes32 before = _fingerprint();
        vm.recordLogs();
        try gateway.releaseStatement(mail.message) {
            _noteDelivery(index, before);
            ++counts[Did.RELEASES];
        } catch (bytes memory reason) {
            if (!_isRefusal(reason)) broken = "a release was refused for no reason that the model knows";
            ++counts[Did.REFUSED_RELEASES];
        }
    }

    function pause(uint256 chain, uint256 peer, uint256 how, bool resume) external {
        (chain, peer) = _lane(chain, peer);
        ILanes lanes = _on(chain).lanes;
        vm.prank(chains[chain].collection.guardian());
        if (resume) lanes.resumeLane(chains[peer].chainHash, _policyOf(how));
        else lanes.pauseLane(chains[peer].chainHash, _policyOf(how));
        ++counts[Did.PAUSES];
    }

    /// @dev The owner limits a lane to a few works, or lifts the limit again.
    function limit(uint256 chain, uint256 peer, bool inbound, uint32 capacity) external {
        (chain, peer) = _lane(chain, peer);
        Limit memory next = Limit(capacity % 3, 1 + capacity % 7);
        _throughTheQueue(
            chain,
            address(chains[chain].lanes),
            abi.encodeCall(ILanes.setLimit, (chains[peer].chainHash, inbound, next))
        );
        ++counts[Did.LIMITS];
    }

    /// @dev Rarely, as it cannot be taken back: from then on only both bridges together bring works.
    function requireBoth(uint256 rarely) external {
        if (rarely % 16 != 0) return;
        bytes32 peer = chains[BASE].chainHash;
        ILanes lanes = _on(HOME).lanes;
        if (lanes.requiredPolicyOf(peer) == Transport.BOTH) return;
        vm.prank(OWNER);
        lanes.raiseRequiredPolicy(peer, Transport.BOTH);
        ++counts[Did.RAISED_POLICIES];
    }

    /// @dev The owner voids a statement on its destination, through the queue: one that is on its way, lost, waiting or
    /// disputed. One that was applied cannot be.
    function voidStatement(uint256 which) external {
        if (mails.length == 0) return;
        uint256 index = which % 2 == 0 ? _recent(which / 2) : which % mails.length;
        Mail memory mail = mails[index];
        if (mail.kind != Kind.WORKS) return;
        Fate fate = _flights[mail.digest].fate;
        QueuedCall[] memory calls = _call(
            address(chains[mail.dst].lanes),
            abi.encodeCall(ILanes.voidStatement, (chains[mail.src].chainHash, mail.nonce, mail.digest))
        );
        IDelayedQueue queue = _announce(mail.dst, calls);
        try queue.execute(calls) {
            if (fate == Fate.APPLIED) broken = "an applied statement was voided";
            if (fate == Fate.IN_FLIGHT) _flights[mail.digest].fate = Fate.VOIDED;
            _voided.push(index);
            ++counts[Did.VOIDS];
        } catch {
            if (fate == Fate.IN_FLIGHT) broken = "a statement without effect could not be voided";
            ++counts[Did.REFUSED_VOIDS];
        }
    }

    /// @dev Anyone tells the source of a void.
    function tellVoid(uint256 which, uint256 how) external {
        if (mails.length == 0) return;
        Mail memory mail = mails[_pick(_voided, which)];
        if (mail.kind != Kind.WORKS) return;
        Fate fate = _flights[mail.digest].fate;
        Gateway gateway = _on(mail.dst).gateway;
        vm.recordLogs();
        try gateway.sendVoid{value: 1 ether}(mail.message, _policyOf(how)) {
            if (fate != Fate.VOIDED && fate != Fate.GIVEN_BACK) broken = "a void was told that never was";
            _post(mail.dst, mail.src);
            ++counts[Did.VOIDS_TOLD];
        } catch (bytes memory reason) {
            bool expected = bytes4(reason) == IGateway.StatementNotVoided.selector || _isRefusal(reason);
            if (!expected) broken = "a void was not told for no reason that the model knows";
        }
    }

    /// @dev Home gives up a mirror for ever, after thirty days; its works are whose they were.
    function retire(uint256 mirror, uint256 rarely) external {
        if (rarely % 16 != 0 || workIds.length == 0 || counts[Did.RETIREMENTS] != 0) return;
        mirror = 1 + mirror % 2;
        bytes32 mirrorHash = chains[mirror].chainHash;
        for (uint256 i = 0; i < workIds.length; ++i) {
            uint256 workId = workIds[i];
            if (_locationOf(workId) != mirrorHash) continue;
            // What is on its way there, or from there, will have no effect at home any more.
            _inFlight[workId] = 0;
            Leg memory leg = chains[mirror].collection.legOf(workId);
            _claimable.push(workId);
            _claimants.push(leg.state == LegState.LIVE ? leg.holder : _lastHolder[workId]);
        }
        if (_claimable.length == 0) return;
        (retired[mirror], _retiredChain) = (true, mirror);
        bytes memory order = abi.encodeCall(ILanes.retireChain, (mirrorHash, MerkleTree.rootOf(_leaves())));
        _throughTheQueue(HOME, address(chains[HOME].lanes), order);
        ++counts[Did.RETIREMENTS];
    }

    /// @dev Anyone claims a work of the retired chain for its last owner; once.
    function claim(uint256 which) external {
        if (_claimable.length == 0) return;
        uint256 index = which % _claimable.length;
        uint256 workId = _claimable[index];
        bytes32 chainHash = chains[_retiredChain].chainHash;
        bool isThere = _locationOf(workId) == chainHash;
        bytes32[] memory proof = MerkleTree.proofOf(_leaves(), index);
        Gateway gateway = _on(HOME).gateway;
        try gateway.claimRetired(chainHash, workId, _claimants[index], proof) {
            if (!isThere) broken = "a work was claimed twice";
            ++counts[Did.CLAIMS];
        } catch {
            if (isThere) broken = "a work could not be claimed";
            ++counts[Did.REFUSED_CLAIMS];
        }
        try gateway.claimRetired(chainHash, workId, address(0xBAD), proof) {
            broken = "a stranger claimed a work";
        } catch {}
    }

    /// @dev A true message where it does not belong: by the other transport, from another chain, or to another chain.
    function replayElsewhere(uint256 which, uint256 src, uint256 dst, bool overCcip) external {
        if (mails.length == 0) return;
        Mail memory mail = mails[which % mails.length];
        (src, dst) = (src % CHAINS, dst % CHAINS);
        Transport transport = overCcip ? Transport.CCIP : Transport.LAYER_ZERO;
        bool isItsLane = src == mail.src && dst == mail.dst;
        if (isItsLane && uint8(_statementOf(mail).minPolicy) & uint8(transport) != 0) return;
        bytes32 before = _fingerprint();
        Network storage at = _on(dst);
        vm.prank(overCcip ? address(at.ccip) : address(at.layerZero));
        try at.gateway.deliver(chains[src].chainHash, mail.message) {
            broken = "a statement was taken where it does not belong";
        } catch {
            ++counts[Did.REFUSED_REPLAYS];
        }
        if (_fingerprint() != before) broken = "a refused statement changed something";
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
        ++counts[Did.TRANSFERS];
    }

    function burn(uint256 work, uint256 rarely) external {
        if (workIds.length == 0 || rarely % 8 != 0) return;
        uint256 workId = workIds[work % workIds.length];
        Leg memory leg = chains[HOME].collection.legOf(workId);
        if (leg.state != LegState.LIVE || leg.frozen) return;
        Collection home = _on(HOME).collection;
        vm.prank(leg.holder);
        home.burn(workId);
        ++counts[Did.BURNS];
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

    function _deliverMail(uint256 index) private {
        Mail memory mail = mails[index];
        bytes32 before = _fingerprint();
        vm.recordLogs();
        if (_executed[index]) {
            // What the bridge itself would refuse, should it ever come through.
            _deliverAsTransport(mail, mail.message);
        } else if (mail.transport == Transport.CCIP) {
            (bool taken, bytes memory reason) = _deliverByCcip(mail, _gasLimitOf(mail));
            _executed[index] = taken;
            if (!taken) _noteRefusedArrival(reason);
        } else {
            _verifyUpTo(index);
            Network storage dst = _on(mail.dst);
            try dst.endpoint.lzReceive{gas: _gasLimitOf(mail)}(
                _originOf(mail), address(dst.layerZero), mail.messageId, mail.message, ""
            ) {
                _executed[index] = true;
            } catch (bytes memory reason) {
                _noteRefusedArrival(reason);
            }
        }
        _noteDelivery(index, before);
    }

    /// @dev The endpoint executes a message only when all earlier ones are verified.
    function _verifyUpTo(uint256 index) private {
        Mail memory mail = mails[index];
        for (uint256 i = 0; i <= index; ++i) {
            if (mails[i].transport != Transport.LAYER_ZERO || _executed[i]) continue;
            if (mails[i].src == mail.src && mails[i].dst == mail.dst) _verifyByLayerZero(mails[i]);
        }
    }

    function _deliverAsTransport(Mail memory mail, bytes memory message) private {
        Network storage dst = _on(mail.dst);
        vm.recordLogs();
        vm.prank(mail.transport == Transport.CCIP ? address(dst.ccip) : address(dst.layerZero));
        try dst.gateway.deliver(chains[mail.src].chainHash, message) {}
        catch (bytes memory reason) {
            _noteRefusedArrival(reason);
        }
    }

    function _noteRefusedArrival(bytes memory reason) private {
        ++counts[Did.REFUSED_ARRIVALS];
        bool expected =
            bytes4(reason) == ILanes.ChainRetired.selector || bytes4(reason) == ILanes.PolicyTooWeak.selector;
        if (!expected) broken = "an arrival was refused for no reason that the model knows";
    }

    /// @dev Reads from the logs what a delivery did, and holds it against what was known of the statement.
    function _noteDelivery(uint256 index, bytes32 before) private {
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

    struct Recredit {
        uint64 hop;
        bytes32 digest;
    }

    function _noteApplied(uint256 index, bytes32 digest) private {
        Flight storage flight = _flights[digest];
        if (flight.fate == Fate.UNKNOWN) return;
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

    function _noteSending(uint256 src, uint256 dst, SendRequest memory request) private {
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
    function _post(uint256 src, uint256 dst) private returns (Mail memory first) {
        Mail[2] memory posted = _postedBoth(src, dst);
        first = posted[0];
        mails.push(first);
        if (posted[1].transport != Transport.NONE) mails.push(posted[1]);
    }

    function _worksOf(
        uint256 src,
        uint256 workId,
        address holder,
        address to
    ) private returns (WorkSend[] memory works) {
        uint256[] memory chosen = new uint256[](MOST_PER_BATCH);
        chosen[0] = workId;
        uint256 count = 1;
        for (uint256 i = 0; i < workIds.length && count < MOST_PER_BATCH; ++i) {
            Leg memory leg = chains[src].collection.legOf(workIds[i]);
            bool goesAlong = leg.state == LegState.LIVE && leg.holder == holder && !leg.frozen && workIds[i] != workId;
            if (goesAlong && uint256(keccak256(abi.encode(workId, i, mails.length))) % 4 == 0) {
                chosen[count++] = workIds[i];
            }
        }
        works = new WorkSend[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint64 hop = chains[src].collection.legOf(chosen[i]).hop;
            works[i] = _request(HOME, Transport.CCIP, chosen[i], hop, to).works[0];
            _lastHolder[chosen[i]] = holder;
        }
    }

    function _leaves() private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](_claimable.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            bytes memory leaf = abi.encode(chains[_retiredChain].chainHash, _claimable[i], _claimants[i]);
            leaves[i] = keccak256(bytes.concat(keccak256(leaf)));
        }
    }

    function _throughTheQueue(uint256 chain, address target, bytes memory data) private {
        QueuedCall[] memory calls = _call(target, data);
        _announce(chain, calls).execute(calls);
    }

    /// @return queue Where the plan may be executed now.
    function _announce(uint256 chain, QueuedCall[] memory calls) private returns (IDelayedQueue queue) {
        queue = _on(chain).queue;
        if (queue.announcementOf(queue.planIdOf(calls)).readyAt != 0) {
            // Announced before and refused then: it lapses first.
            vm.warp(block.timestamp + 60 days);
        }
        vm.prank(OWNER);
        queue.announce(calls);
        vm.warp(block.timestamp + queue.delayOf(calls));
    }

    function _call(address target, bytes memory data) private pure returns (QueuedCall[] memory calls) {
        calls = new QueuedCall[](1);
        calls[0] = QueuedCall(target, data);
    }

    /// @dev A chain and one of its peers.
    function _lane(uint256 chain, uint256 peer) private pure returns (uint256, uint256) {
        chain = chain % CHAINS;
        return (chain, chain == HOME ? 1 + peer % 2 : HOME);
    }

    function _policyOf(uint256 how) private pure returns (Transport) {
        return Transport(1 + how % 3);
    }

    /// @dev One of a list of mails, or any if there is none yet.
    function _pick(uint256[] storage list, uint256 which) private view returns (uint256) {
        return list.length == 0 ? which % mails.length : list[which % list.length];
    }

    /// @dev One of the last: of others, few would come before the next move of their work.
    function _recent(uint256 which) private view returns (uint256) {
        return mails.length - 1 - which % (mails.length < 4 ? mails.length : 4);
    }

    /// @dev What the contracts say when they are meant to refuse.
    function _isRefusal(bytes memory reason) private pure returns (bool) {
        bytes4 selector = bytes4(reason);
        return selector == ILanes.LaneIsPaused.selector || selector == ILanes.PolicyTooWeak.selector
            || selector == ILanes.LimitExceeded.selector || selector == ILanes.ChainRetired.selector
            || selector == ILanes.StatementOnHold.selector || selector == ILanes.StatementNotWaiting.selector;
    }

    function _liveOn(uint256 workId) private view returns (bool, uint256) {
        for (uint256 i = 0; i < CHAINS; ++i) {
            if (!retired[i] && chains[i].collection.legOf(workId).state == LegState.LIVE) return (true, i);
        }
        return (false, 0);
    }

    function _locationOf(uint256 workId) private view returns (bytes32) {
        return chains[HOME].collection.legOf(workId).location;
    }

    function _isOnRetired(uint256 workId) private view returns (bool) {
        return _retiredChain != HOME && _locationOf(workId) == chains[_retiredChain].chainHash;
    }

    function _fingerprint() private view returns (bytes32 hash) {
        for (uint256 chain = 0; chain < CHAINS; ++chain) {
            for (uint256 i = 0; i < workIds.length; ++i) {
                hash = keccak256(abi.encode(hash, chains[chain].collection.legOf(workIds[i])));
            }
        }
    }
}
