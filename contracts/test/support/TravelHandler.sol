// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Collection} from "../../src/Collection.sol";
import {Gateway} from "../../src/Gateway.sol";
import {ICollection, Leg, LegState} from "../../src/interfaces/ICollection.sol";
import {IGateway, Kind, SendRequest, Statement, Transport} from "../../src/interfaces/IGateway.sol";
import {WorkPayload, WorkSend} from "../../src/interfaces/PayloadTypes.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {TravelKeepers} from "./TravelKeepers.sol";

/// @dev A careless world: holders send and send again, alone and in batches, over either bridge or both; receivers
/// refuse or burn gas; bridges deliver in any order, twice, late, not at all, where it does not belong, or something
/// else under the same nonce; owner and guardian do as they please (see {TravelKeepers}), and everyone else minds his
/// business in between. Nothing here may revert but what the contracts are meant to refuse.
contract TravelHandler is TravelKeepers {
    uint256 private constant MOST_PER_BATCH = 3;
    /// @dev Nonces that no honest statement reaches.
    uint256 private constant FORGED_NONCES = 1 << 40;

    uint256 private _forgeries;

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
        } catch (bytes memory reason) {
            bool expected = bytes4(reason) == ICollection.UnexpectedHop.selector || _isRefusal(reason);
            if (!expected) broken = "a second send was refused for no reason that the model knows";
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

    /// @dev A bridge in others' hands brings what was applied before under a nonce that was never used. Its hop is known
    /// there, so the collection refuses it, for ever.
    function deliverStale(uint256 which) external {
        if (mails.length == 0) return;
        Mail memory mail = mails[which % mails.length];
        Statement memory statement = _statementOf(mail);
        if (_flights[mail.digest].fate != Fate.APPLIED || statement.minPolicy != uint8(mail.transport)) return;
        statement.nonce = uint64(FORGED_NONCES + ++_forgeries);
        bytes32 before = _fingerprint();
        _deliverAsTransport(mail, abi.encode(statement));
        if (_countLogs(IGateway.StatementFailed.selector) == 1) ++counts[Did.STALE_FORGERIES];
        if (_fingerprint() != before) broken = "a stale work arrived";
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
        } catch (bytes memory reason) {
            if (isThere) broken = "a work could not be claimed";
            if (bytes4(reason) != ICollection.WrongLocation.selector) {
                broken = "a claim was refused for another reason";
            }
            ++counts[Did.REFUSED_CLAIMS];
        }
        try gateway.claimRetired(chainHash, workId, address(0xBAD), proof) {
            broken = "a stranger claimed a work";
        } catch (bytes memory reason) {
            if (bytes4(reason) != IGateway.ClaimUnproven.selector) {
                broken = "a stranger was refused for another reason";
            }
            ++counts[Did.STRANGERS_CLAIMS];
        }
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
}
