// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {IRouterClient} from "@chainlink/contracts-ccip/contracts/interfaces/IRouterClient.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {ILayerZeroComposer} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroComposer.sol";
import {IOFT, MessagingFee, MessagingReceipt, SendParam} from "@layerzerolabs/oft-evm/contracts/interfaces/IOFT.sol";
import {OFTComposeMsgCodec} from "@layerzerolabs/oft-evm/contracts/libs/OFTComposeMsgCodec.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Transport} from "./interfaces/IGateway.sol";
import {IRegistryRoles} from "./interfaces/IRegistryRoles.sol";
import {ChainEntry, Component, Deployment} from "./interfaces/IRegistryFactory.sol";
import {Arrival, IRoyaltyRemitter, Parcel} from "./interfaces/IRoyaltyRemitter.sol";
import {IRoyaltyVault} from "./interfaces/IRoyaltyVault.sol";
import {Create3} from "./libraries/Create3.sol";
import {Manifests} from "./libraries/Manifests.sol";

/// @title Carries settlements between the vaults of one registry. See {IRoyaltyRemitter}.
contract RoyaltyRemitter is
    IRoyaltyRemitter,
    ERC165,
    IAny2EVMMessageReceiver,
    ILayerZeroComposer,
    ReentrancyGuardTransient
{
    using SafeERC20 for IERC20;

    /// @dev Remitter of another chain, and the protocols' names for that chain; zero where the protocol is not on both.
    struct Peer {
        bytes32 remitter;
        uint64 ccipSelector;
        uint32 lzEid;
    }

    /// @dev Gas on the destination: measured with cold storage and rounded up.
    uint256 private constant ARRIVAL_GAS = 300_000;
    uint256 private constant ARRIVAL_GAS_PER_PAYEE = 40_000;
    /// @dev What an OFT takes there before the composed message, with margin: it mints or unlocks, and stores a hash.
    uint128 private constant OFT_RECEIVE_GAS = 150_000;

    /// @inheritdoc IRoyaltyRemitter
    address public immutable vault;
    /// @inheritdoc IRoyaltyRemitter
    address public immutable ccipRouter;
    /// @inheritdoc IRoyaltyRemitter
    address public immutable lzEndpoint;
    address private immutable COLLECTION;
    address private immutable QUEUE;

    /// @inheritdoc IRoyaltyRemitter
    mapping(address token => address oft) public oftOf;
    /// @inheritdoc IRoyaltyRemitter
    mapping(address oft => address token) public tokenOf;
    /// @inheritdoc IRoyaltyRemitter
    mapping(bytes32 arrivalId => bool parked) public isParked;
    mapping(bytes32 chainHash => Peer) private _peers;
    mapping(uint64 ccipSelector => bytes32 chainHash) private _chainOfSelector;
    mapping(uint32 lzEid => bytes32 chainHash) private _chainOfEid;

    /// @dev Made by the vault, which hands on its own argument.
    constructor(Deployment memory deployment) {
        vault = msg.sender;
        COLLECTION = deployment.components[uint256(Component.COLLECTION)];
        QUEUE = deployment.components[uint256(Component.DELAYED_QUEUE)];
        ChainEntry memory local = Manifests.localEntry(deployment.manifest);
        (ccipRouter, lzEndpoint) = (local.ccipRouter, local.lzEndpoint);

        ChainEntry[] memory chains = deployment.manifest.chains;
        for (uint256 i = 0; i < chains.length; ++i) {
            bytes32 chainHash = chains[i].chainHash;
            bytes32 peerVault = deployment.peers[i][uint256(Component.ROYALTY_VAULT)];
            if (chainHash == local.chainHash || peerVault == 0) continue;
            address peer = Create3.firstContractOf(address(uint160(uint256(peerVault))));
            _peers[chainHash] = Peer(bytes32(uint256(uint160(peer))), chains[i].ccipSelector, chains[i].lzEid);
            if (chains[i].ccipSelector != 0) _chainOfSelector[chains[i].ccipSelector] = chainHash;
            if (chains[i].lzEid != 0) _chainOfEid[chains[i].lzEid] = chainHash;
        }
    }

    /// @inheritdoc IRoyaltyRemitter
    function send(Parcel calldata parcel, address refundTo) external payable nonReentrant returns (bytes32 messageId) {
        if (msg.sender != vault) revert NotVault(msg.sender);
        IERC20 token = IERC20(parcel.token);
        uint256 balance = token.balanceOf(address(this));
        uint256 feeWei;
        (feeWei, messageId) = parcel.transport == Transport.CCIP ? _sendByCcip(parcel) : _sendByOft(parcel);
        uint256 taken = balance - token.balanceOf(address(this));
        if (taken != parcel.amount) revert UnexpectedDebit(parcel.token, parcel.amount, taken);

        uint256 excessWei = msg.value - feeWei;
        if (excessWei == 0) return messageId;
        (bool refunded,) = refundTo.call{value: excessWei}("");
        if (!refunded) revert RefundFailed(refundTo, excessWei);
    }

    /// @inheritdoc IAny2EVMMessageReceiver
    function ccipReceive(Client.Any2EVMMessage calldata message) external nonReentrant {
        if (msg.sender != ccipRouter) revert NotProtocol(msg.sender);
        bytes32 srcChainHash = _chainOfSelector[message.sourceChainSelector];
        if (srcChainHash == 0) revert SourceUnknown(message.sourceChainSelector);
        if (keccak256(message.sender) != keccak256(abi.encode(_peers[srcChainHash].remitter))) {
            revert SenderUnknown(message.sender);
        }
        if (message.destTokenAmounts.length != 1) revert TokenCountUnexpected(message.destTokenAmounts.length);
        Client.EVMTokenAmount calldata money = message.destTokenAmounts[0];
        _arrive(Arrival(srcChainHash, message.messageId, money.token, money.amount, message.data));
    }

    /// @inheritdoc ILayerZeroComposer
    /// @dev Anyone can have the endpoint compose to this address, so `from` must be an OFT of this registry; that vouches
    /// for amount, source and sender (https://docs.layerzero.network/v2/developers/evm/composer/overview, read 2026-11).
    function lzCompose(
        address from,
        bytes32 guid,
        bytes calldata message,
        address, /* executor */
        bytes calldata /* extraData */
    ) external payable nonReentrant {
        if (msg.sender != lzEndpoint) revert NotProtocol(msg.sender);
        if (msg.value != 0) revert UnexpectedValue(msg.value);
        address token = tokenOf[from];
        if (token == address(0)) revert OftUnknown(from);
        uint32 srcEid = OFTComposeMsgCodec.srcEid(message);
        bytes32 srcChainHash = _chainOfEid[srcEid];
        if (srcChainHash == 0) revert SourceUnknown(srcEid);
        bytes32 sender = OFTComposeMsgCodec.composeFrom(message);
        if (sender != _peers[srcChainHash].remitter) revert SenderUnknown(abi.encode(sender));
        uint256 amount = OFTComposeMsgCodec.amountLD(message);
        _arrive(Arrival(srcChainHash, guid, token, amount, OFTComposeMsgCodec.composeMsg(message)));
    }

    /// @inheritdoc IRoyaltyRemitter
    function retryArrival(Arrival calldata arrival) external nonReentrant {
        bytes32 arrivalId = _unpark(arrival);
        _apply(arrival);
        emit ArrivalApplied(arrivalId, arrival.messageId);
    }

    /// @inheritdoc IRoyaltyRemitter
    function releaseArrival(Arrival calldata arrival) external nonReentrant {
        if (msg.sender != QUEUE) revert NotQueue(msg.sender);
        bytes32 arrivalId = _unpark(arrival);
        IERC20(arrival.token).forceApprove(vault, arrival.amount);
        IRoyaltyVault(vault).deposit(arrival.token, arrival.amount);
        emit ArrivalReleased(arrivalId, arrival.messageId);
    }

    /// @inheritdoc IRoyaltyRemitter
    function applyArrival(Arrival calldata arrival) external {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        _apply(arrival);
    }

    /// @inheritdoc IRoyaltyRemitter
    function setOft(address token, address oft) external {
        address previous = oftOf[token];
        if (msg.sender != QUEUE) {
            if (msg.sender != IRegistryRoles(COLLECTION).owner()) revert Unauthorized(msg.sender);
            uint256 held = IRoyaltyVault(vault).pooledOf(token) + IERC20(token).balanceOf(address(this));
            if (previous != address(0) || held != 0) revert OftInUse(token, previous, held);
        }
        delete tokenOf[previous];
        if (oft != address(0)) {
            if (IOFT(oft).token() != token) revert OftMismatch(oft, token);
            tokenOf[oft] = token;
        }
        oftOf[token] = oft;
        emit OftChanged(token, previous, oft);
    }

    /// @inheritdoc IRoyaltyRemitter
    function quote(Parcel calldata parcel) external view returns (uint256) {
        Peer memory peer = _routeTo(parcel);
        if (parcel.transport == Transport.CCIP) {
            return IRouterClient(ccipRouter).getFee(peer.ccipSelector, _toCcip(peer, parcel));
        }
        return IOFT(oftOf[parcel.token]).quoteSend(_toOft(peer, parcel), false).nativeFee;
    }

    /// @inheritdoc IRoyaltyRemitter
    function peerOf(bytes32 chainHash) external view returns (bytes32) {
        return _peers[chainHash].remitter;
    }

    /// @inheritdoc IERC165
    /// @dev CCIP asks before it delivers, and silently skips a receiver that does not answer yes.
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IAny2EVMMessageReceiver).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @inheritdoc IRoyaltyRemitter
    function arrivalIdOf(Arrival memory arrival) public pure returns (bytes32) {
        return keccak256(abi.encode(arrival));
    }

    function _sendByCcip(Parcel calldata parcel) private returns (uint256 feeWei, bytes32 messageId) {
        Peer memory peer = _routeTo(parcel);
        Client.EVM2AnyMessage memory message = _toCcip(peer, parcel);
        feeWei = IRouterClient(ccipRouter).getFee(peer.ccipSelector, message);
        _requireFee(feeWei);
        IERC20(parcel.token).forceApprove(ccipRouter, parcel.amount);
        messageId = IRouterClient(ccipRouter).ccipSend{value: feeWei}(peer.ccipSelector, message);
    }

    function _sendByOft(Parcel calldata parcel) private returns (uint256 feeWei, bytes32 messageId) {
        SendParam memory param = _toOft(_routeTo(parcel), parcel);
        IOFT oft = IOFT(oftOf[parcel.token]);
        MessagingFee memory fee = oft.quoteSend(param, false);
        feeWei = fee.nativeFee;
        _requireFee(feeWei);
        IERC20(parcel.token).forceApprove(address(oft), parcel.amount);
        // The fee is exact, so the endpoint has nothing to refund.
        (MessagingReceipt memory receipt,) = oft.send{value: feeWei}(param, fee, address(this));
        messageId = receipt.guid;
        // An OFT that burns does not use it.
        IERC20(parcel.token).forceApprove(address(oft), 0);
    }

    function _arrive(Arrival memory arrival) private {
        bytes32 arrivalId = arrivalIdOf(arrival);
        try this.applyArrival(arrival) {
            emit ArrivalApplied(arrivalId, arrival.messageId);
        } catch (bytes memory reason) {
            isParked[arrivalId] = true;
            emit ArrivalParked(arrivalId, arrival, reason);
        }
    }

    function _apply(Arrival calldata arrival) private {
        IERC20(arrival.token).forceApprove(vault, arrival.amount);
        IRoyaltyVault(vault).creditSettlement(arrival.srcChainHash, arrival.token, arrival.amount, arrival.message);
    }

    function _unpark(Arrival calldata arrival) private returns (bytes32 arrivalId) {
        arrivalId = arrivalIdOf(arrival);
        if (!isParked[arrivalId]) revert ArrivalNotParked(arrivalId);
        delete isParked[arrivalId];
    }

    function _requireFee(uint256 feeWei) private view {
        if (msg.value < feeWei) revert InsufficientFee(feeWei, msg.value);
    }

    function _routeTo(Parcel calldata parcel) private view returns (Peer memory peer) {
        peer = _peers[parcel.dstChainHash];
        bool known = peer.remitter != 0
            && (parcel.transport == Transport.CCIP
                    ? ccipRouter != address(0) && peer.ccipSelector != 0
                    : parcel.transport == Transport.LAYER_ZERO && peer.lzEid != 0 && oftOf[parcel.token] != address(0));
        if (!known) revert RouteUnknown(parcel.dstChainHash, parcel.transport, parcel.token);
    }

    function _toCcip(Peer memory peer, Parcel calldata parcel) private pure returns (Client.EVM2AnyMessage memory) {
        Client.EVMTokenAmount[] memory money = new Client.EVMTokenAmount[](1);
        money[0] = Client.EVMTokenAmount(parcel.token, parcel.amount);
        return Client.EVM2AnyMessage({
            receiver: abi.encode(peer.remitter),
            data: parcel.message,
            tokenAmounts: money,
            feeToken: address(0),
            // Settlements are told apart by id; one stuck message must not hold back the others.
            extraArgs: Client._argsToBytes(
                Client.GenericExtraArgsV2({gasLimit: _arrivalGasOf(parcel), allowOutOfOrderExecution: true})
            )
        });
    }

    function _toOft(Peer memory peer, Parcel calldata parcel) private pure returns (SendParam memory) {
        return SendParam({
            dstEid: peer.lzEid,
            to: peer.remitter,
            amountLD: parcel.amount,
            minAmountLD: parcel.minArriving,
            // Options type 3, worker 1 (executor): option 1 (lzReceive) with gas as uint128, and option 3 (lzCompose)
            // with the number of the composed message as uint16 and gas as uint128.
            extraOptions: abi.encodePacked(
                uint16(3),
                abi.encodePacked(uint8(1), uint16(17), uint8(1), OFT_RECEIVE_GAS),
                abi.encodePacked(uint8(1), uint16(19), uint8(3), uint16(0), uint128(_arrivalGasOf(parcel)))
            ),
            composeMsg: parcel.message,
            oftCmd: ""
        });
    }

    function _arrivalGasOf(Parcel calldata parcel) private pure returns (uint256) {
        return ARRIVAL_GAS + ARRIVAL_GAS_PER_PAYEE * parcel.payeeCount;
    }
}
