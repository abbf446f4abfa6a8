// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {OFTComposeMsgCodec} from "@layerzerolabs/oft-evm/contracts/libs/OFTComposeMsgCodec.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Vm} from "forge-std/Vm.sol";
import {QueuedCall} from "../src/interfaces/IDelayedQueue.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {Arrival, IRoyaltyRemitter, Parcel} from "../src/interfaces/IRoyaltyRemitter.sol";
import {IRoyaltyVault, Payee, Remittance} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyRemitter} from "../src/RoyaltyRemitter.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {TestDollar, TestDollarOft} from "./devnet/TestDollar.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

contract RoyaltyRemitterTest is RoyaltyWorld {
    bytes32 private constant ID = keccak256("settlement 1");
    RoyaltyRemitter private remitter;
    RoyaltyVault private vault;
    TestDollar private dollar;
    bytes32 private base;

    function setUp() public override {
        super.setUp();
        remitter = tills[HOME].remitter;
        vault = tills[HOME].vault;
        dollar = tills[HOME].dollar;
        base = chains[BASE].chainHash;
        _stateSole(BASE, _payee(HOME, artist));
        _depositDollars(BASE, 1_000);
        _on(HOME);
    }

    function test_peers_areTheFirstContractsOfThePeersVaults() public view {
        assertEq(remitter.peerOf(base), _bytes32(address(tills[BASE].remitter)));
        assertEq(remitter.peerOf(chains[HOME].chainHash), 0);
        assertEq(remitter.vault(), address(vault));
        assertEq(remitter.ccipRouter(), address(chains[HOME].router));
        assertEq(remitter.lzEndpoint(), address(chains[HOME].endpoint));
    }

    function test_supportsInterface_sinceCcipSkipsReceiversThatDoNot() public view {
        assertTrue(remitter.supportsInterface(type(IAny2EVMMessageReceiver).interfaceId));
        assertTrue(remitter.supportsInterface(type(IERC165).interfaceId));
        assertFalse(remitter.supportsInterface(0xffffffff));
    }

    function test_send_RevertWhen_NotVault() public {
        Parcel memory parcel;
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.NotVault.selector, MINTER));
        vm.prank(MINTER);
        remitter.send(parcel, MINTER);
    }

    function test_ccipReceive_RevertWhen_NotRouter() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.NotProtocol.selector, ALICE));
        vm.prank(ALICE);
        remitter.ccipReceive(_ccipMessage(chains[BASE].ccipSelector, abi.encode(tills[BASE].remitter), 1));
    }

    function test_ccipReceive_RevertWhen_SourceIsNoPeer() public {
        uint64[3] memory selectors = [chains[HOME].ccipSelector, 0, 7];
        for (uint256 i = 0; i < selectors.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.SourceUnknown.selector, selectors[i]));
            vm.prank(address(chains[HOME].router));
            remitter.ccipReceive(_ccipMessage(selectors[i], abi.encode(tills[BASE].remitter), 1));
        }
    }

    function testFuzz_ccipReceive_RevertWhen_SenderIsNotThePeer(bytes memory sender) public {
        vm.assume(keccak256(sender) != keccak256(abi.encode(tills[BASE].remitter)));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.SenderUnknown.selector, sender));
        vm.prank(address(chains[HOME].router));
        remitter.ccipReceive(_ccipMessage(chains[BASE].ccipSelector, sender, 1));
    }

    function test_ccipReceive_RevertWhen_NotExactlyOneToken() public {
        for (uint256 count = 0; count < 3; count += 2) {
            vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.TokenCountUnexpected.selector, count));
            vm.prank(address(chains[HOME].router));
            remitter.ccipReceive(_ccipMessage(chains[BASE].ccipSelector, abi.encode(tills[BASE].remitter), count));
        }
    }

    function test_lzCompose_RevertWhen_NotEndpoint() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.NotProtocol.selector, ALICE));
        vm.prank(ALICE);
        remitter.lzCompose(address(tills[HOME].oft), 0, "", ALICE, "");
    }

    /// @dev The endpoint lets anyone compose to anyone: only OFTs of the registry are believed.
    function test_lzCompose_RevertWhen_FromIsNoOft() public {
        bytes memory message = _composed(chains[BASE].lzEid, _bytes32(address(tills[BASE].remitter)));
        vm.prank(BOB);
        chains[HOME].endpoint.sendCompose(address(remitter), ID, 0, message);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.OftUnknown.selector, BOB));
        chains[HOME].endpoint.lzCompose(BOB, address(remitter), ID, 0, message, "");
    }

    function test_lzCompose_RevertWhen_SourceIsNoPeer() public {
        uint32[3] memory eids = [chains[HOME].lzEid, 0, 7];
        for (uint256 i = 0; i < eids.length; ++i) {
            _expectRefusedCompose(
                _composed(eids[i], _bytes32(address(tills[BASE].remitter))),
                abi.encodeWithSelector(IRoyaltyRemitter.SourceUnknown.selector, eids[i])
            );
        }
    }

    /// @dev Anyone may send the dollar with a composed message of their own.
    function test_lzCompose_RevertWhen_SenderIsNotThePeer() public {
        _expectRefusedCompose(
            _composed(chains[BASE].lzEid, _bytes32(BOB)),
            abi.encodeWithSelector(IRoyaltyRemitter.SenderUnknown.selector, abi.encode(BOB))
        );
    }

    function test_lzCompose_RevertWhen_MoneyComesAlong() public {
        vm.deal(address(chains[HOME].endpoint), 1);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.UnexpectedValue.selector, 1));
        vm.prank(address(chains[HOME].endpoint));
        remitter.lzCompose{value: 1}(address(tills[HOME].oft), 0, "", ALICE, "");
    }

    function test_lzCompose_twice_creditsOnce() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.LAYER_ZERO, ID, 400));
        bytes memory composed = _arriveAtOft(shipment);
        _compose(shipment, composed);
        vm.expectRevert();
        _compose(shipment, composed);
        assertEq(vault.pooledOf(address(dollar)), 400);
    }

    /// @dev What lies here between the transfer and its message is no surplus of the vault.
    function test_absorb_doesNotReachMoneyThatWaitsForItsMessage() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.LAYER_ZERO, ID, 400));
        bytes memory composed = _arriveAtOft(shipment);
        assertEq(dollar.balanceOf(address(remitter)), 400);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingReceived.selector, dollar));
        vault.absorb(address(dollar));
        _compose(shipment, composed);
        assertEq(vault.creditOf(address(dollar), _payee(HOME, artist)), 400);
    }

    /// @dev As when a chain goes back behind its finality and sends anew: the second money is kept, credited to nobody,
    /// and after the queue's delay it is shared as royalties.
    function test_arrival_underAUsedId_isParked_andReleasedThroughTheQueue() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.CCIP, ID, 400));
        _arriveByCcip(shipment);
        bytes32 digest = vault.creditedDigestOf(base, ID);
        shipment.messageId = keccak256("sent anew");
        Arrival memory arrival = _arrivalOf(shipment);
        bytes32 arrivalId = remitter.arrivalIdOf(arrival);
        bytes memory reason = abi.encodeWithSelector(IRoyaltyVault.SettlementAlreadyCredited.selector, base, ID, digest);
        vm.recordLogs();
        _arriveByCcip(shipment);
        Vm.Log memory log = _logOf(IRoyaltyRemitter.ArrivalParked.selector);
        assertEq(log.topics[1], arrivalId);
        assertEq(log.data, abi.encode(arrival, reason));

        assertTrue(remitter.isParked(arrivalId));
        assertEq(vault.creditOf(address(dollar), _payee(HOME, artist)), 400);
        assertEq(dollar.balanceOf(address(remitter)), 400);
        vm.expectRevert(reason);
        remitter.retryArrival(arrival);

        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.NotQueue.selector, OWNER));
        vm.prank(OWNER);
        remitter.releaseArrival(arrival);

        _throughTheQueue(abi.encodeCall(remitter.releaseArrival, (arrival)));
        assertEq(vault.unsplitOf(address(dollar)), 400);
        assertFalse(remitter.isParked(arrivalId));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.ArrivalNotParked.selector, arrivalId));
        vm.prank(address(chains[HOME].queue));
        remitter.releaseArrival(arrival);
    }

    /// @dev A vault that cannot take the money now: it is parked, and anyone has it credited later, once.
    function test_arrival_thatFails_isParked_andRetriedByAnyone() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.CCIP, ID, 400));
        Arrival memory arrival = _arrivalOf(shipment);
        vm.mockCallRevert(address(dollar), abi.encodeWithSelector(dollar.transferFrom.selector), "paused");
        _arriveByCcip(shipment);
        vm.expectRevert("paused");
        remitter.retryArrival(arrival);
        vm.clearMockedCalls();

        bytes32 arrivalId = remitter.arrivalIdOf(arrival);
        vm.expectEmit(address(remitter));
        emit IRoyaltyRemitter.ArrivalApplied(arrivalId, arrival.messageId);
        vm.prank(BOB);
        remitter.retryArrival(arrival);
        assertEq(vault.creditOf(address(dollar), _payee(HOME, artist)), 400);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.ArrivalNotParked.selector, arrivalId));
        remitter.retryArrival(arrival);
    }

    /// @dev What arrives is shared in proportion to what was sent, however much it is.
    function test_arrival_ofLess_isSharedInProportion() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.CCIP, ID, 400));
        shipment.amount = 399;
        _arriveByCcip(shipment);
        assertEq(vault.creditOf(address(dollar), _payee(HOME, artist)), 399);
    }

    function test_applyArrival_RevertWhen_NotSelf() public {
        Arrival memory arrival;
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.NotSelf.selector, ALICE));
        vm.prank(ALICE);
        remitter.applyArrival(arrival);
    }

    /// @dev The gas that a message buys is enough with cold storage, on both ways, for one payee and for many.
    function test_arrival_fitsTheGasThatItBought() public {
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.CCIP, ID, 400));
        _coolHome();
        (bool success, uint256 gasUsed) = _executeByCcip(shipment, _ccipGasOf(BASE));
        assertTrue(success);
        assertLt(gasUsed, _ccipGasOf(BASE) * 3 / 4);
        assertGt(vault.pooledOf(address(dollar)), 0);
    }

    function test_setOft_byTheOwner_onlyWhileNothingIsAtStake() public {
        TestDollar other = new TestDollar(address(this));
        TestDollarOft oft = new TestDollarOft(other, address(chains[HOME].endpoint), address(this));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.Unauthorized.selector, MINTER));
        vm.prank(MINTER);
        remitter.setOft(address(other), address(oft));

        other.mint(address(this), 2);
        other.transfer(address(remitter), 1);
        _expectOftInUse(other, oft, address(0), 1);
        other.burn(address(remitter), 1);
        other.approve(address(vault), 1);
        vault.deposit(address(other), 1);
        _expectOftInUse(other, oft, address(0), 1);

        _expectOftInUse(dollar, tills[HOME].oft, address(tills[HOME].oft), 0);
    }

    function test_setOft_throughTheQueue_replaces_andTheEarlierDeliversNoMore() public {
        TestDollarOft oft = new TestDollarOft(dollar, address(chains[HOME].endpoint), address(this));
        address previous = address(tills[HOME].oft);
        Shipment memory shipment = _remit(BASE, HOME, _dollars(Transport.LAYER_ZERO, ID, 400));
        bytes memory composed = _arriveAtOft(shipment);

        vm.recordLogs();
        _throughTheQueue(abi.encodeCall(remitter.setOft, (address(dollar), address(oft))));
        assertEq(_logOf(IRoyaltyRemitter.OftChanged.selector).data, abi.encode(previous));
        assertEq(remitter.oftOf(address(dollar)), address(oft));
        assertEq(remitter.tokenOf(address(oft)), address(dollar));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.OftUnknown.selector, previous));
        _compose(shipment, composed);

        _throughTheQueue(abi.encodeCall(remitter.setOft, (address(dollar), previous)));
        _compose(shipment, composed);
        assertEq(vault.creditOf(address(dollar), _payee(HOME, artist)), 400);
        _throughTheQueue(abi.encodeCall(remitter.setOft, (address(dollar), address(0))));
        assertEq(remitter.oftOf(address(dollar)), address(0));
    }

    function test_setOft_RevertWhen_ItMovesAnotherToken() public {
        address other = address(new TestDollar(address(this)));
        address oft = address(tills[HOME].oft);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.OftMismatch.selector, oft, other));
        vm.prank(OWNER);
        remitter.setOft(other, oft);
    }

    function _dollars(Transport transport, bytes32 id, uint256 amount) private view returns (Remittance memory) {
        return _remittance(BASE, HOME, transport, id, artist, amount);
    }

    function _arrivalOf(Shipment memory shipment) private view returns (Arrival memory) {
        return Arrival(base, shipment.messageId, address(dollar), shipment.amount, shipment.data);
    }

    function _ccipMessage(
        uint64 selector,
        bytes memory sender,
        uint256 tokens
    ) private view returns (Client.Any2EVMMessage memory) {
        Client.EVMTokenAmount[] memory money = new Client.EVMTokenAmount[](tokens);
        for (uint256 i = 0; i < tokens; ++i) {
            money[i] = Client.EVMTokenAmount(address(dollar), 1);
        }
        return Client.Any2EVMMessage(ID, selector, sender, "", money);
    }

    function _composed(uint32 srcEid, bytes32 sender) private pure returns (bytes memory) {
        return OFTComposeMsgCodec.encode(1, srcEid, 400, abi.encodePacked(sender, "message"));
    }

    function _expectRefusedCompose(bytes memory message, bytes memory reason) private {
        address oft = address(tills[HOME].oft);
        bytes32 guid = keccak256(message);
        vm.prank(oft);
        chains[HOME].endpoint.sendCompose(address(remitter), guid, 0, message);
        vm.expectRevert(reason);
        chains[HOME].endpoint.lzCompose(oft, address(remitter), guid, 0, message, "");
    }

    function _expectOftInUse(TestDollar token, TestDollarOft oft, address current, uint256 held) private {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.OftInUse.selector, token, current, held));
        vm.prank(OWNER);
        remitter.setOft(address(token), address(oft));
    }

    function _throughTheQueue(bytes memory data) private {
        QueuedCall[] memory plan = _plan(address(remitter), data);
        assertEq(chains[HOME].queue.delayOf(plan), 2 days);
        _execute(HOME, plan);
    }

    function _coolHome() private {
        vm.cool(address(vault));
        vm.cool(address(remitter));
        vm.cool(address(dollar));
        vm.cool(address(chains[HOME].router));
    }
}
