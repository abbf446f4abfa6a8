// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Collection} from "../../src/Collection.sol";
import {Leg, LegState} from "../../src/interfaces/ICollection.sol";
import {IDelayedQueue, QueuedCall} from "../../src/interfaces/IDelayedQueue.sol";
import {Kind, Transport} from "../../src/interfaces/IGateway.sol";
import {ILanes} from "../../src/interfaces/ILanes.sol";
import {Limit} from "../../src/interfaces/IRegistryFactory.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {TravelModel} from "./TravelModel.sol";

/// @dev Owner and guardian: they pause, hold, freeze, limit, void and retire as they please.
abstract contract TravelKeepers is TravelModel {
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
        bytes memory order = abi.encodeCall(ILanes.setLimit, (chains[peer].chainHash, inbound, next));
        _execute(chain, _plan(address(chains[chain].lanes), order));
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
        bytes memory order = abi.encodeCall(ILanes.voidStatement, (chains[mail.src].chainHash, mail.nonce, mail.digest));
        QueuedCall[] memory plan = _plan(address(chains[mail.dst].lanes), order);
        IDelayedQueue queue = _announce(mail.dst, plan);
        try queue.execute(plan) {
            if (fate == Fate.APPLIED) broken = "an applied statement was voided";
            if (fate == Fate.IN_FLIGHT) _flights[mail.digest].fate = Fate.VOIDED;
            _voided.push(index);
            ++counts[Did.VOIDS];
        } catch (bytes memory reason) {
            if (bytes4(reason) != ILanes.NonceNotVoidable.selector) broken = "a void was refused for another reason";
            if (fate == Fate.IN_FLIGHT) broken = "a statement without effect could not be voided";
            ++counts[Did.REFUSED_VOIDS];
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
        _execute(HOME, _plan(address(chains[HOME].lanes), order));
        ++counts[Did.RETIREMENTS];
    }

    function _leaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](_claimable.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            bytes memory leaf = abi.encode(chains[_retiredChain].chainHash, _claimable[i], _claimants[i]);
            leaves[i] = keccak256(bytes.concat(keccak256(leaf)));
        }
    }

    function _policyOf(uint256 how) internal pure returns (Transport) {
        return Transport(1 + how % 3);
    }

    /// @dev A chain and one of its peers.
    function _lane(uint256 chain, uint256 peer) private pure returns (uint256, uint256) {
        chain = chain % CHAINS;
        return (chain, chain == HOME ? 1 + peer % 2 : HOME);
    }
}
