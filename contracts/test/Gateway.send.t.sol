// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Errors} from "@layerzerolabs/lz-evm-protocol-v2/contracts/libs/Errors.sol";
import {Transfer} from "@layerzerolabs/lz-evm-protocol-v2/contracts/libs/Transfer.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {Gateway} from "../src/Gateway.sol";
import {ICollection, LegState} from "../src/interfaces/ICollection.sol";
import {IGateway, Kind, SendRequest, Statement, Transport} from "../src/interfaces/IGateway.sol";
import {StatePayload, WorkPayload, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {ITransport} from "../src/interfaces/ITransport.sol";
import {AgreeingWallet, Miser} from "./support/Stubs.sol";
import {ILanes} from "../src/interfaces/ILanes.sol";
import {World} from "./support/World.sol";

contract GatewaySendTest is World {
    Gateway private home;
    uint256 private workId;

    function setUp() public override {
        super.setUp();
        _openAllLanes();
        workId = _mint(ALICE, keccak256("document"));
        home = _on(HOME).gateway;
    }

    function test_sendWorks_statesWhatTheDesignSays() public {
        Mail memory mail = _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        Statement memory statement = abi.decode(mail.message, (Statement));
        assertEq(statement.registryId, keccak256("registry"));
        assertEq(statement.srcChainHash, keccak256("eip155:11155111"));
        assertEq(statement.srcGateway, _bytes32(address(home)));
        assertEq(statement.dstChainHash, keccak256("eip155:84532"));
        assertEq(statement.dstGateway, _bytes32(address(chains[BASE].gateway)));
        assertEq(statement.minPolicy, 1);
        assertEq(statement.laneEpoch, 1);
        assertEq(uint8(statement.kind), uint8(Kind.WORKS));

        WorkPayload[] memory works = abi.decode(statement.payload, (WorkPayload[]));
        assertEq(works.length, 1);
        assertEq(works[0].workId, workId);
        assertEq(works[0].documentHash, documentOf[workId]);
        assertEq(works[0].seed, chains[HOME].collection.seedOf(workId));
        assertEq(works[0].holder, _bytes32(ALICE));
        assertEq(works[0].hop, 1);
        assertEq(works[0].to, _bytes32(ALICE));
        assertEq(works[0].fallbackTo, _bytes32(BOB));

        bytes32 typeHash = keccak256(
            "ColophonStatementV1(bytes32 registryId,bytes32 srcChainHash,bytes32 srcGateway,bytes32 dstChainHash,bytes32 dstGateway,uint64 nonce,uint8 kind,uint8 minPolicy,uint32 laneEpoch,bytes payload)"
        );
        bytes memory head = abi.encode(
            typeHash, statement.registryId, statement.srcChainHash, statement.srcGateway, statement.dstChainHash
        );
        bytes memory tail = abi.encode(
            statement.dstGateway,
            statement.nonce,
            uint8(statement.kind),
            uint8(1),
            uint32(1),
            keccak256(statement.payload)
        );
        assertEq(mail.digest, keccak256(bytes.concat(head, tail)));
        assertEq(mail.digest, home.digestOf(mail.message));
    }

    function test_sendWorks_numbersStatementsAcrossTransports() public {
        uint256 second = _mint(ALICE, keccak256("second"));
        uint64 next = chains[HOME].lanes.nextTo(chains[BASE].chainHash).nonce;
        assertEq(_send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE).nonce, next);
        assertEq(_send(HOME, BASE, Transport.LAYER_ZERO, second, ALICE, ALICE).nonce, next + 1);
    }

    function test_sendWorks_takesTheFee_andReturnsTheRest() public {
        for (uint8 i = 1; i <= 2; ++i) {
            uint256 id = _mint(ALICE, keccak256(abi.encode(i)));
            SendRequest memory request = _request(BASE, Transport(i), id, 0, ALICE);
            (uint256 feeWei, bytes memory message, uint256 gasLimit) = home.quoteWorks(request);
            assertGt(feeWei, 0);
            assertEq(gasLimit, home.gasLimitOf(Kind.WORKS, 1));
            uint256 before = ALICE.balance;
            vm.recordLogs();
            vm.prank(ALICE);
            home.sendWorks{value: feeWei + 1 ether}(request);
            assertEq(before - ALICE.balance, feeWei);
            assertEq(_posted(HOME, BASE).message, message);
        }
    }

    function test_sendWorks_RevertWhen_FeeIsShort() public {
        for (uint8 i = 1; i <= 2; ++i) {
            SendRequest memory request = _request(BASE, Transport(i), workId, 0, ALICE);
            (uint256 feeWei,,) = home.quoteWorks(request);
            vm.expectRevert(
                Transport(i) == Transport.CCIP
                    ? abi.encodeWithSelector(ITransport.InsufficientFee.selector, feeWei, feeWei - 1)
                    : abi.encodeWithSelector(Errors.LZ_InsufficientFee.selector, feeWei, feeWei - 1, 0, 0)
            );
            vm.prank(ALICE);
            home.sendWorks{value: feeWei - 1}(request);
        }
        assertEq(chains[HOME].collection.ownerOf(workId), ALICE);
    }

    function test_sendWorks_RevertWhen_PayerTakesNoRefund() public {
        Miser miser = new Miser();
        vm.deal(address(miser), 1 ether);
        vm.prank(ALICE);
        chains[HOME].collection.transferFrom(ALICE, address(miser), workId);
        bytes4[2] memory reasons = [ITransport.RefundFailed.selector, Transfer.Transfer_NativeFailed.selector];
        for (uint8 i = 1; i <= 2; ++i) {
            bytes memory data = abi.encodeCall(home.sendWorks, (_request(BASE, Transport(i), workId, 0, ALICE)));
            (bool done, bytes memory reason) = miser.call(address(home), 1 ether, data);
            assertFalse(done);
            assertEq(bytes4(reason), reasons[i - 1]);
        }
    }

    function test_sendWorks_again_RevertWhen_HopWasUsed() public {
        _send(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _expectRefusal(
            _request(BASE, Transport.LAYER_ZERO, workId, 0, ALICE),
            ALICE,
            abi.encodeWithSelector(ICollection.UnexpectedHop.selector, 0, 1)
        );
    }

    function test_sendWorks_again_RevertWhen_TheWorkWentAndCameBack() public {
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        _move(BASE, HOME, Transport.CCIP, workId, ALICE, ALICE);
        home = _on(HOME).gateway;
        _expectRefusal(request, ALICE, abi.encodeWithSelector(ICollection.UnexpectedHop.selector, 0, 2));
    }

    function test_sendWorks_RevertWhen_NotHolder() public {
        _expectRefusal(
            _request(BASE, Transport.CCIP, workId, 0, BOB),
            BOB,
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BOB, workId)
        );
    }

    function test_sendWorks_RevertWhen_MirrorToMirror() public {
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        home = _on(BASE).gateway;
        _expectRefusal(
            _request(MOONBEAM, Transport.CCIP, workId, 1, ALICE),
            ALICE,
            abi.encodeWithSelector(ILanes.NotPeer.selector, chains[MOONBEAM].chainHash)
        );
    }

    function test_sendWorks_RevertWhen_ToItself() public {
        _expectRefusal(
            _request(HOME, Transport.CCIP, workId, 0, ALICE),
            ALICE,
            abi.encodeWithSelector(ILanes.NotPeer.selector, chains[HOME].chainHash)
        );
    }

    function test_sendWorks_RevertWhen_TransportIsNone() public {
        _expectRefusal(
            _request(BASE, Transport.NONE, workId, 0, ALICE),
            ALICE,
            abi.encodeWithSelector(ILanes.PolicyUnknown.selector, 0)
        );
    }

    function test_sendWorks_RevertWhen_NoWorkOrMoreThanFit() public {
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        uint256 most = chains[HOME].gateway.maxWorksTo(chains[BASE].chainHash, Transport.CCIP);
        request.works = new WorkSend[](most + 1);
        _expectRefusal(request, ALICE, abi.encodeWithSelector(IGateway.WorksPerStatement.selector, most + 1, most));
        request.works = new WorkSend[](0);
        _expectRefusal(request, ALICE, abi.encodeWithSelector(IGateway.WorksPerStatement.selector, 0, most));
    }

    function test_sendWorks_RevertWhen_RecipientIsNoAddress() public {
        bytes32[3] memory recipients =
            [bytes32(0), bytes32(uint256(1) << 160), _bytes32(address(chains[HOME].collection))];
        for (uint256 i = 0; i < recipients.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(IGateway.InvalidRecipient.selector, recipients[i]);
            SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
            request.works[0].to = recipients[i];
            _expectRefusal(request, ALICE, refusal);
            request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
            request.works[0].fallbackTo = recipients[i];
            _expectRefusal(request, ALICE, refusal);
        }
    }

    function test_sendWorks_RevertWhen_ChainIdChanged() public {
        vm.chainId(999);
        _expectRefusal(
            _request(BASE, Transport.CCIP, workId, 0, ALICE),
            ALICE,
            abi.encodeWithSelector(IGateway.ChainIdChanged.selector, 11155111, 999)
        );
    }

    // permits

    function test_sendWorksWithPermit_movesTheWorkOnce_whoeverPays() public {
        (address holder, uint256 key) = makeAddrAndKey("holder");
        _give(holder);
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, holder);
        bytes memory signature = _sign(key, request, holder, block.timestamp);

        vm.startPrank(BOB);
        home.sendWorksWithPermit{value: 1 ether}(request, holder, block.timestamp, signature);
        assertEq(uint8(chains[HOME].collection.legOf(workId).state), uint8(LegState.ESCROWED));
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedHop.selector, 0, 1));
        home.sendWorksWithPermit{value: 1 ether}(request, holder, block.timestamp, signature);
    }

    function test_sendWorksWithPermit_ofAWalletContract() public {
        AgreeingWallet wallet = new AgreeingWallet();
        _give(address(wallet));
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        wallet.agree(_permitHash(request, address(wallet), block.timestamp));
        home.sendWorksWithPermit{value: 1 ether}(request, address(wallet), block.timestamp, "");
        assertEq(uint8(chains[HOME].collection.legOf(workId).state), uint8(LegState.ESCROWED));
    }

    /// @dev Every field of the request, and holder and deadline, are under the signature.
    function testFuzz_sendWorksWithPermit_RevertWhen_AFieldDiffers(uint8 field) public {
        (address holder, uint256 key) = makeAddrAndKey("holder");
        _give(holder);
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, holder);
        bytes memory signature = _sign(key, request, holder, block.timestamp + 1);
        uint256 deadline = block.timestamp + 1;

        field = field % 8;
        if (field == 0) request.dstChainHash = chains[MOONBEAM].chainHash;
        if (field == 1) request.transport = Transport.LAYER_ZERO;
        if (field == 2) request.works[0].workId = _mint(holder, keccak256("other"));
        if (field == 3) request.works[0].hop = 1;
        if (field == 4) request.works[0].to = _bytes32(BOB);
        if (field == 5) request.works[0].fallbackTo = _bytes32(ALICE);
        if (field == 6) holder = ALICE;
        if (field == 7) deadline += 1;
        vm.expectRevert(abi.encodeWithSelector(IGateway.PermitInvalid.selector, holder));
        home.sendWorksWithPermit{value: 1 ether}(request, holder, deadline, signature);
    }

    function test_sendWorksWithPermit_RevertWhen_Expired() public {
        (address holder, uint256 key) = makeAddrAndKey("holder");
        _give(holder);
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, holder);
        uint256 deadline = block.timestamp;
        bytes memory signature = _sign(key, request, holder, deadline);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IGateway.PermitExpired.selector, deadline));
        home.sendWorksWithPermit{value: 1 ether}(request, holder, deadline, signature);
    }

    function test_sendWorksWithPermit_RevertWhen_SignerHasNotTheWork() public {
        (address stranger, uint256 key) = makeAddrAndKey("stranger");
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, stranger);
        bytes memory signature = _sign(key, request, stranger, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, stranger, workId));
        home.sendWorksWithPermit{value: 1 ether}(request, stranger, block.timestamp, signature);
    }

    // state

    function test_sendState_reachesAMirror_alsoForAnAbsentWork() public {
        vm.prank(MINTER);
        chains[HOME].collection.stateRevision(workId, 0, keccak256("state"));
        for (uint8 i = 1; i <= 2; ++i) {
            vm.recordLogs();
            _on(HOME).gateway.sendState{value: 1 ether}(chains[i].chainHash, Transport(i), workId);
            Mail memory mail = _posted(HOME, i);
            StatePayload memory state = abi.decode(abi.decode(mail.message, (Statement)).payload, (StatePayload));
            assertEq(state.revision, 1);
            _deliver(mail);
            assertEq(chains[i].collection.legOf(workId).revision, 1);
            assertEq(chains[i].collection.legOf(workId).stateHash, keccak256("state"));
            assertEq(uint8(chains[i].collection.legOf(workId).state), uint8(LegState.NONE));
        }
    }

    function test_sendState_carriesAFreeze() public {
        _move(HOME, BASE, Transport.CCIP, workId, ALICE, ALICE);
        vm.prank(GUARDIAN);
        _on(HOME).collection.freeze(workId);
        vm.recordLogs();
        home.sendState{value: 1 ether}(chains[BASE].chainHash, Transport.CCIP, workId);
        _deliver(_posted(HOME, BASE));
        assertTrue(chains[BASE].collection.legOf(workId).frozen);
    }

    function test_sendState_RevertWhen_NothingWasStated() public {
        vm.expectRevert(abi.encodeWithSelector(IGateway.RevisionNotStated.selector, workId));
        home.sendState{value: 1 ether}(chains[BASE].chainHash, Transport.CCIP, workId);
    }

    function test_sendState_RevertWhen_OnMirror() public {
        Gateway mirror = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotHome.selector, chains[BASE].chainHash));
        mirror.sendState{value: 1 ether}(chains[HOME].chainHash, Transport.CCIP, workId);
    }

    function test_quoteState_pricesWhatIsSent() public {
        vm.prank(MINTER);
        chains[HOME].collection.stateRevision(workId, 0, keccak256("state"));
        (uint256 feeWei, bytes memory message,) = home.quoteState(chains[BASE].chainHash, Transport.LAYER_ZERO, workId);
        vm.recordLogs();
        home.sendState{value: feeWei}(chains[BASE].chainHash, Transport.LAYER_ZERO, workId);
        assertEq(_posted(HOME, BASE).message, message);
    }

    function _expectRefusal(SendRequest memory request, address caller, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(caller);
        home.sendWorks{value: 1 ether}(request);
    }

    function _give(address holder) private {
        Collection collection = chains[HOME].collection;
        vm.prank(ALICE);
        collection.transferFrom(ALICE, holder, workId);
    }

    function _sign(
        uint256 key,
        SendRequest memory request,
        address holder,
        uint256 deadline
    ) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _permitHash(request, holder, deadline));
        return abi.encodePacked(r, s, v);
    }

    /// @dev Written out, not shared with the contract: this is what wallets will compute.
    function _permitHash(SendRequest memory request, address holder, uint256 deadline) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Colophon Gateway"),
                keccak256("1"),
                uint256(11155111),
                address(home)
            )
        );
        WorkSend memory work = request.works[0];
        bytes32 workHash = keccak256(
            abi.encode(
                keccak256(
                    "WorkSend(uint256 workId,bytes32 documentHash,bytes32 seed,uint64 hop,bytes32 to,bytes32 fallbackTo)"
                ),
                work.workId,
                work.documentHash,
                work.seed,
                work.hop,
                work.to,
                work.fallbackTo
            )
        );
        bytes32 typeHash = keccak256(
            "SendWorks(bytes32 dstChainHash,uint8 transport,WorkSend[] works,address holder,uint256 deadline)WorkSend(uint256 workId,bytes32 documentHash,bytes32 seed,uint64 hop,bytes32 to,bytes32 fallbackTo)"
        );
        bytes32 requestHash = keccak256(
            abi.encode(
                typeHash,
                request.dstChainHash,
                uint8(request.transport),
                keccak256(abi.encodePacked(workHash)),
                holder,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, requestHash));
    }
}
