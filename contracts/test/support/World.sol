// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {
    ILayerZeroEndpointV2,
    Origin
} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {Test} from "forge-std/Test.sol";
import {Vm} from "forge-std/Vm.sol";
import {CcipTransport} from "../../src/CcipTransport.sol";
import {Collection} from "../../src/Collection.sol";
import {Gateway} from "../../src/Gateway.sol";
import {DelayedQueue} from "../../src/DelayedQueue.sol";
import {Status} from "../../src/interfaces/ILanes.sol";
import {Lanes} from "../../src/Lanes.sol";
import {LayerZeroTransport} from "../../src/LayerZeroTransport.sol";
import {QueuedCall} from "../../src/interfaces/IDelayedQueue.sol";
import {LegState, MintRequest} from "../../src/interfaces/ICollection.sol";
import {IGateway, Kind, SendRequest, Statement, Transport} from "../../src/interfaces/IGateway.sol";
import {WorkSend} from "../../src/interfaces/PayloadTypes.sol";
import {ChainEntry, Component, Deployment, Manifest} from "../../src/interfaces/IRegistryFactory.sol";
import {LzConfigs} from "../../src/libraries/LzConfigs.sol";
import {Statements} from "../../src/libraries/Statements.sol";
import {OneWord, OnRampStub} from "./Stubs.sol";

/// @dev The parts of CCIP's Router that only its owner and its ramps use.
interface IRouter {
    struct OnRamp {
        uint64 destChainSelector;
        address onRamp;
    }

    struct OffRamp {
        uint64 sourceChainSelector;
        address offRamp;
    }

    function applyRampUpdates(OnRamp[] calldata, OffRamp[] calldata, OffRamp[] calldata) external;

    function routeMessage(
        Client.Any2EVMMessage calldata,
        uint16,
        uint256,
        address
    ) external returns (bool success, bytes memory returnData, uint256 gasUsed);
}

/// @dev The parts of LayerZero's ULN libraries that only their owner uses.
interface IUln {
    struct UlnDefault {
        uint32 eid;
        LzConfigs.UlnConfig config;
    }

    struct ExecutorDefault {
        uint32 eid;
        LzConfigs.ExecutorConfig config;
    }

    function setDefaultUlnConfigs(UlnDefault[] calldata) external;
    function setDefaultExecutorConfigs(ExecutorDefault[] calldata) external;
}

/// @dev Three chains in one EVM: a home and two mirrors. Each has the real CCIP Router (with a stub ramp behind it)
/// and the real LayerZero EndpointV2 with a SimpleMessageLib as
/// its default and the ULN libraries, with stub workers, that registries name, and a registry's components at addresses of
/// its own. `vm.chainId` says on which chain we are. Nothing is delivered by itself: the test holds the mail.
abstract contract World is Test {
    struct Network {
        uint256 chainId;
        bytes32 chainHash;
        uint64 ccipSelector;
        uint32 lzEid;
        IRouter router;
        OnRampStub onRamp;
        ILayerZeroEndpointV2 endpoint;
        address lzLibrary;
        address sendLibrary;
        address receiveLibrary;
        address executor;
        address[] dvns;
        Collection collection;
        Gateway gateway;
        CcipTransport ccip;
        LayerZeroTransport layerZero;
        DelayedQueue queue;
        Lanes lanes;
    }

    /// @dev One message that a bridge has taken.
    struct Mail {
        uint256 src;
        uint256 dst;
        Transport transport;
        Kind kind;
        uint64 nonce;
        bytes32 digest;
        bytes32 messageId;
        uint64 lzNonce;
        bytes message;
    }

    uint256 internal constant HOME = 0;
    uint256 internal constant BASE = 1;
    uint256 internal constant MOONBEAM = 2;
    uint256 internal constant CHAINS = 3;
    uint64 internal constant LZ_CONFIRMATIONS = 15;
    bytes32 private constant PACKET_SENT = keccak256("PacketSent(bytes,bytes,address)");
    /// @dev A packet is 81 bytes of header and a guid before its message.
    uint256 private constant PACKET_MESSAGE_AT = 113;
    uint256 private constant WORKER_FEE_WEI = 1000;
    uint64 internal constant EDITION_CAP = 20;
    /// @dev For tests to which the transport does not matter.
    Transport internal constant DEFAULT = Transport.CCIP;

    address internal immutable OWNER = makeAddr("owner");
    address internal immutable MINTER = makeAddr("minter");
    address internal immutable POLICY = makeAddr("policy");
    address internal immutable OPERATOR = makeAddr("operator");
    address internal immutable GUARDIAN = makeAddr("guardian");
    address internal immutable ARTIST = makeAddr("artist");
    address internal immutable ALICE = makeAddr("alice");
    address internal immutable BOB = makeAddr("bob");

    uint256 private constant DEPLOYED = uint256(Component.LANES) + 1;
    uint256 internal constant COMPONENTS = uint256(type(Component).max) + 1;

    Network[] internal chains;
    mapping(uint256 workId => bytes32) internal documentOf;
    uint64 private _firstNonce;

    function setUp() public virtual {
        _addNetwork(11155111, "eip155:11155111", 16015286601757825753, 40161);
        _addNetwork(84532, "eip155:84532", 10344971235874465080, 40245);
        _addNetwork(1284, "eip155:1284", 1252863800116739621, 30126);
        _wireNetworks();
        _deployRegistry();
        vm.deal(ALICE, 1000 ether);
        vm.deal(BOB, 1000 ether);
        vm.deal(address(this), 1000 ether);
    }

    receive() external payable {}

    function _on(uint256 chain) internal returns (Network storage) {
        vm.chainId(chains[chain].chainId);
        return chains[chain];
    }

    function _manifest() internal view returns (Manifest memory manifest) {
        manifest.owner = OWNER;
        manifest.salt = keccak256("first registry");
        manifest.name = "Tides";
        manifest.symbol = "TIDE";
        manifest.contractURI = "ipfs://collection";
        manifest.editionCap = EDITION_CAP;
        manifest.royaltyBps = 750;
        manifest.royaltyReceiver = ARTIST;
        manifest.minter = MINTER;
        manifest.policy = POLICY;
        manifest.operator = OPERATOR;
        manifest.guardian = GUARDIAN;
        manifest.homeChainHash = chains[HOME].chainHash;
        manifest.codeHashes = new bytes32[](COMPONENTS);
        manifest.chains = new ChainEntry[](CHAINS);
        for (uint256 i = 0; i < CHAINS; ++i) {
            Network storage chain = chains[i];
            manifest.chains[i] = ChainEntry({
                chainHash: chain.chainHash,
                chainId: chain.chainId,
                ccipRouter: address(chain.router),
                ccipSelector: chain.ccipSelector,
                lzEndpoint: address(chain.endpoint),
                lzEid: chain.lzEid,
                lzSendLibrary: chain.sendLibrary,
                lzReceiveLibrary: chain.receiveLibrary,
                lzExecutor: chain.executor,
                lzConfirmations: LZ_CONFIRMATIONS + uint64(i),
                lzDvns: chain.dvns
            });
        }
    }

    /// @dev What the factory hands to each component on a chain. Here the first components of {Component} are there,
    /// at addresses of their own on each chain.
    function _deployment(uint256 chain) internal view virtual returns (Deployment memory deployment) {
        deployment.manifest = _manifest();
        deployment.registryId = keccak256("registry");
        deployment.components = new address[](COMPONENTS);
        deployment.peers = new bytes32[][](CHAINS);
        for (uint256 i = 0; i < CHAINS; ++i) {
            deployment.peers[i] = new bytes32[](COMPONENTS);
            for (uint256 j = 0; j < DEPLOYED; ++j) {
                address at = vm.computeCreateAddress(address(this), _firstNonce + i * DEPLOYED + j);
                deployment.peers[i][j] = _bytes32(at);
                if (i == chain) deployment.components[j] = at;
            }
        }
    }

    function _mint(address to, bytes32 documentHash) internal returns (uint256 workId) {
        Collection collection = _on(HOME).collection;
        _commit(to, documentHash);
        vm.roll(block.number + 2);
        workId = collection.mint(documentHash);
        documentOf[workId] = documentHash;
    }

    function _commit(address to, bytes32 documentHash) internal {
        Collection collection = _on(HOME).collection;
        vm.prank(MINTER);
        collection.commitMints(_mintRequest(to, documentHash));
    }

    function _mintRequest(address to, bytes32 documentHash) internal pure returns (MintRequest[] memory requests) {
        requests = new MintRequest[](1);
        requests[0] = MintRequest(to, documentHash, "");
    }

    function _request(
        uint256 dst,
        Transport transport,
        uint256 workId,
        uint64 hop,
        address to
    ) internal view returns (SendRequest memory request) {
        request.dstChainHash = chains[dst].chainHash;
        request.transport = transport;
        request.works = new WorkSend[](1);
        request.works[0] = WorkSend(workId, documentOf[workId], _seedOf(workId), hop, _bytes32(to), _bytes32(BOB));
    }

    /// @dev Zero if home never minted it.
    function _seedOf(uint256 workId) internal view returns (bytes32 seed) {
        Collection home = chains[HOME].collection;
        if (home.legOf(workId).state != LegState.NONE) seed = home.seedOf(workId);
    }

    /// @dev `holder` sends one work and the bridge takes it.
    function _send(
        uint256 src,
        uint256 dst,
        Transport transport,
        uint256 workId,
        address holder,
        address to
    ) internal returns (Mail memory) {
        Gateway gateway = _on(src).gateway;
        uint64 hop = chains[src].collection.legOf(workId).hop;
        SendRequest memory request = _request(dst, transport, workId, hop, to);
        vm.recordLogs();
        vm.prank(holder);
        gateway.sendWorks{value: 1 ether}(request);
        return _posted(src, dst);
    }

    /// @dev Sends and delivers.
    function _move(uint256 src, uint256 dst, Transport transport, uint256 workId, address holder, address to) internal {
        _deliver(_send(src, dst, transport, workId, holder, to));
    }

    function _openAllLanes() internal {
        for (uint256 mirror = 1; mirror < CHAINS; ++mirror) {
            _openLane(mirror, Transport.CCIP);
            _openLane(mirror, Transport.LAYER_ZERO);
        }
    }

    function _openLane(uint256 mirror, Transport transport) internal {
        _deliver(_sendHello(mirror, transport));
        _deliver(_sendEcho(mirror, transport));
        _deliver(_sendConfirm(mirror, transport));
    }

    function _sendHello(uint256 mirror, Transport transport) internal returns (Mail memory) {
        vm.recordLogs();
        _on(HOME).gateway.openLane{value: 1 ether}(chains[mirror].chainHash, transport);
        return _posted(HOME, mirror);
    }

    function _sendEcho(uint256 mirror, Transport transport) internal returns (Mail memory) {
        vm.recordLogs();
        _on(mirror).gateway.answerLane{value: 1 ether}(chains[HOME].chainHash, transport);
        return _posted(mirror, HOME);
    }

    function _sendConfirm(uint256 mirror, Transport transport) internal returns (Mail memory) {
        vm.recordLogs();
        _on(HOME).gateway.confirmLane{value: 1 ether}(chains[mirror].chainHash, transport);
        return _posted(HOME, mirror);
    }

    /// @dev The mail of the one statement sent since `vm.recordLogs`.
    function _posted(uint256 src, uint256 dst) internal returns (Mail memory) {
        Mail[2] memory mails = _postedBoth(src, dst);
        assertEq(uint8(mails[1].transport), 0, "statements sent");
        return mails[0];
    }

    /// @dev The mails of a statement, over CCIP and over LayerZero; of one that took one transport the second is empty.
    function _postedBoth(uint256 src, uint256 dst) internal returns (Mail[2] memory mails) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IGateway.StatementSent.selector) continue;
            Mail memory mail = mails[found++];
            mail.src = src;
            mail.dst = dst;
            mail.digest = logs[i].topics[1];
            mail.messageId = logs[i].topics[3];
            (mail.nonce, mail.kind, mail.transport) = abi.decode(logs[i].data, (uint64, Kind, Transport));
            mail.message = mail.transport == Transport.CCIP ? chains[src].onRamp.last().data : _lastPacketIn(logs, i);
            address layerZero = address(chains[src].layerZero);
            mail.lzNonce = chains[src].endpoint
                .outboundNonce(layerZero, chains[dst].lzEid, _bytes32(address(chains[dst].layerZero)));
        }
        assertGt(found, 0, "statements sent");
    }

    /// @dev The message of the last LayerZero packet that was sent before a log.
    function _lastPacketIn(Vm.Log[] memory logs, uint256 end) private pure returns (bytes memory) {
        bytes memory packet;
        for (uint256 i = 0; i < end; ++i) {
            if (logs[i].topics[0] != PACKET_SENT) continue;
            (packet,,) = abi.decode(logs[i].data, (bytes, bytes, address));
        }
        return Bytes.slice(packet, PACKET_MESSAGE_AT);
    }

    /// @dev A statement that the peer's Gateway never made, as if its chain or the bridge were broken.
    function _forge(
        uint256 src,
        uint256 dst,
        Transport transport,
        Kind kind,
        uint64 nonce,
        bytes memory payload
    ) internal view returns (Mail memory mail) {
        Statement memory statement = Statement({
            registryId: chains[dst].gateway.registryId(),
            srcChainHash: chains[src].chainHash,
            srcGateway: _bytes32(address(chains[src].gateway)),
            dstChainHash: chains[dst].chainHash,
            dstGateway: _bytes32(address(chains[dst].gateway)),
            nonce: nonce,
            kind: kind,
            minPolicy: uint8(transport),
            laneEpoch: 1,
            payload: payload
        });
        mail.src = src;
        mail.dst = dst;
        mail.transport = transport;
        mail.kind = kind;
        mail.nonce = nonce;
        mail.message = abi.encode(statement);
        mail.digest = chains[dst].gateway.digestOf(mail.message);
        mail.messageId = keccak256(mail.message);
        // The endpoint delivers a verified message once all earlier ones are verified.
        mail.lzNonce = 1
            + chains[dst].endpoint
                .inboundNonce(
                    address(chains[dst].layerZero), chains[src].lzEid, _bytes32(address(chains[src].layerZero))
                );
    }

    function _isFailed(Mail memory mail) internal view returns (bool) {
        return chains[mail.dst].lanes.statusOf(mail.digest) == Status.FAILED;
    }

    function _statementOf(Mail memory mail) internal pure returns (Statement memory) {
        return abi.decode(mail.message, (Statement));
    }

    /// @dev Logs with this first topic since `vm.recordLogs`.
    function _countLogs(bytes32 topic) internal returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    /// @dev Makes storage and accounts of the destination cold, as for a transaction of its own.
    function _coolDestination(Mail memory mail) internal virtual {
        Network storage dst = chains[mail.dst];
        vm.cool(address(dst.collection));
        vm.cool(address(dst.gateway));
        vm.cool(address(dst.lanes));
        vm.cool(address(dst.ccip));
        vm.cool(address(dst.layerZero));
        vm.cool(address(dst.endpoint));
        vm.cool(address(dst.router));
    }

    /// @dev Delivers to a chain where nothing is warm. Must have its effect.
    /// @return spent Gas of the delivery.
    function _deliverCold(Mail memory mail, uint256 gasGiven) internal returns (uint256 spent) {
        if (mail.transport == Transport.LAYER_ZERO) _verifyByLayerZero(mail);
        _coolDestination(mail);
        vm.recordLogs();
        uint256 before = gasleft();
        if (mail.transport == Transport.CCIP) _deliverByCcip(mail, gasGiven);
        else _executeByLayerZero(mail, gasGiven);
        spent = before - gasleft();
        assertEq(_countLogs(IGateway.StatementApplied.selector), 1);
    }

    /// @dev Delivers as the bridge does, with the gas that the statement bought. Must succeed.
    function _deliver(Mail memory mail) internal {
        if (mail.transport == Transport.CCIP) {
            (bool success, bytes memory reason) = _deliverByCcip(mail, _gasLimitOf(mail));
            assertTrue(success, string(reason));
        } else {
            _verifyByLayerZero(mail);
            _executeByLayerZero(mail, _gasLimitOf(mail));
        }
    }

    function _gasLimitOf(Mail memory mail) internal view virtual returns (uint256) {
        return chains[mail.dst].gateway.gasLimitOf(mail.kind, Statements.worksOf(_statementOf(mail)));
    }

    /// @dev As CCIP's OffRamp: through the real Router, with exact gas.
    function _deliverByCcip(Mail memory mail, uint256 gasLimit) internal returns (bool, bytes memory) {
        Network storage dst = _on(mail.dst);
        Client.Any2EVMMessage memory message = Client.Any2EVMMessage({
            messageId: mail.messageId,
            sourceChainSelector: chains[mail.src].ccipSelector,
            sender: abi.encode(chains[mail.src].ccip),
            data: mail.message,
            destTokenAmounts: new Client.EVMTokenAmount[](0)
        });
        (bool success, bytes memory reason,) = dst.router.routeMessage(message, 5_000, gasLimit, address(dst.ccip));
        return (success, reason);
    }

    /// @dev As the receive library once the DVNs have verified.
    function _verifyByLayerZero(Mail memory mail) internal {
        Network storage dst = _on(mail.dst);
        (address library_,) = dst.endpoint.getReceiveLibrary(address(dst.layerZero), chains[mail.src].lzEid);
        vm.prank(library_);
        dst.endpoint
            .verify(_originOf(mail), address(dst.layerZero), keccak256(abi.encodePacked(mail.messageId, mail.message)));
    }

    /// @dev As the executor, or anyone else.
    function _executeByLayerZero(Mail memory mail, uint256 gasLimit) internal {
        Network storage dst = _on(mail.dst);
        dst.endpoint.lzReceive{gas: gasLimit}(_originOf(mail), address(dst.layerZero), mail.messageId, mail.message, "");
    }

    function _originOf(Mail memory mail) internal view returns (Origin memory) {
        return Origin(chains[mail.src].lzEid, _bytes32(address(chains[mail.src].layerZero)), mail.lzNonce);
    }

    /// @dev A plan of the delayed queue that makes one call.
    function _plan(address target, bytes memory data) internal pure returns (QueuedCall[] memory calls) {
        calls = new QueuedCall[](1);
        calls[0] = QueuedCall(target, data);
    }

    /// @dev The owner announces a plan, and its delay passes.
    /// @return queue Where anyone may execute it now.
    function _announce(uint256 chain, QueuedCall[] memory plan) internal returns (DelayedQueue queue) {
        queue = _on(chain).queue;
        uint64 expiresAt = queue.announcementOf(queue.planIdOf(plan)).expiresAt;
        // Announced before and refused then: it lapses first.
        if (block.timestamp <= expiresAt) vm.warp(expiresAt + 1);
        vm.prank(OWNER);
        queue.announce(plan);
        vm.warp(block.timestamp + queue.delayOf(plan));
    }

    function _execute(uint256 chain, QueuedCall[] memory plan) internal {
        _announce(chain, plan).execute(plan);
    }

    function _bytes32(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    function _addNetwork(uint256 chainId, string memory caip2, uint64 ccipSelector, uint32 lzEid) private {
        vm.chainId(chainId);
        Network storage chain = chains.push();
        chain.chainId = chainId;
        chain.chainHash = keccak256(bytes(caip2));
        chain.ccipSelector = ccipSelector;
        chain.lzEid = lzEid;

        bytes memory router =
            vm.parseBytes(vm.readFile("node_modules/@chainlink/contracts-ccip/bytecode/v1_2_0/router.bin"));
        chain.router = IRouter(_create(router, abi.encode(new OneWord(1), new OneWord(0))));
        chain.onRamp = new OnRampStub();
        chain.endpoint =
            ILayerZeroEndpointV2(_create(_lzCode("EndpointV2.sol/EndpointV2"), abi.encode(lzEid, address(this))));
        chain.sendLibrary = _create(_ulnCode("SendUln302"), abi.encode(chain.endpoint, 0, 0));
        chain.receiveLibrary = _create(_ulnCode("ReceiveUln302"), abi.encode(chain.endpoint));
        chain.endpoint.registerLibrary(chain.sendLibrary);
        chain.endpoint.registerLibrary(chain.receiveLibrary);
        chain.lzLibrary = _create(
            _lzCode("messagelib/SimpleMessageLib.sol/SimpleMessageLib"), abi.encode(chain.endpoint, address(this))
        );
        chain.endpoint.registerLibrary(chain.lzLibrary);
        chain.executor = address(new OneWord(WORKER_FEE_WEI));
        (address first, address second) = (address(new OneWord(WORKER_FEE_WEI)), address(new OneWord(WORKER_FEE_WEI)));
        chain.dvns = first < second ? [first, second] : [second, first];
    }

    function _wireNetworks() private {
        for (uint256 i = 0; i < CHAINS; ++i) {
            Network storage chain = _on(i);
            IRouter.OnRamp[] memory onRamps = new IRouter.OnRamp[](CHAINS);
            IRouter.OffRamp[] memory offRamps = new IRouter.OffRamp[](CHAINS);
            for (uint256 j = 0; j < CHAINS; ++j) {
                onRamps[j] = IRouter.OnRamp(chains[j].ccipSelector, address(chain.onRamp));
                offRamps[j] = IRouter.OffRamp(chains[j].ccipSelector, address(this));
                _supportEid(chain, chains[j].lzEid);
                chain.endpoint.setDefaultSendLibrary(chains[j].lzEid, chain.lzLibrary);
                chain.endpoint.setDefaultReceiveLibrary(chains[j].lzEid, chain.lzLibrary, 0);
            }
            chain.router.applyRampUpdates(onRamps, new IRouter.OffRamp[](0), offRamps);
        }
    }

    function _deployRegistry() private {
        _firstNonce = vm.getNonce(address(this));
        for (uint256 i = 0; i < CHAINS; ++i) {
            Deployment memory deployment = _deployment(i);
            Network storage chain = _on(i);
            chain.collection = new Collection(deployment);
            chain.gateway = new Gateway(deployment);
            chain.ccip = new CcipTransport(deployment);
            chain.layerZero = new LayerZeroTransport(deployment);
            chain.queue = new DelayedQueue(deployment);
            chain.lanes = new Lanes(deployment);
        }
    }

    /// @dev LayerZero has defaults for each chain that its libraries support; they name one verifier, which is none of
    /// those that a registry names.
    function _supportEid(Network storage chain, uint32 lzEid) private {
        LzConfigs.UlnConfig memory uln;
        uln.requiredDVNCount = 1;
        uln.requiredDVNs = new address[](1);
        uln.requiredDVNs[0] = address(new OneWord(WORKER_FEE_WEI));
        IUln.UlnDefault[] memory ulnDefaults = new IUln.UlnDefault[](1);
        ulnDefaults[0] = IUln.UlnDefault(lzEid, uln);
        IUln.ExecutorDefault[] memory executorDefaults = new IUln.ExecutorDefault[](1);
        executorDefaults[0] = IUln.ExecutorDefault(lzEid, LzConfigs.ExecutorConfig(10_000, chain.executor));
        IUln(chain.sendLibrary).setDefaultUlnConfigs(ulnDefaults);
        IUln(chain.sendLibrary).setDefaultExecutorConfigs(executorDefaults);
        IUln(chain.receiveLibrary).setDefaultUlnConfigs(ulnDefaults);
    }

    function _ulnCode(string memory name) private view returns (bytes memory) {
        string memory path = string.concat(
            "node_modules/@layerzerolabs/lz-evm-messagelib-v2/artifacts/contracts/uln/uln302/",
            name,
            ".sol/",
            name,
            ".json"
        );
        return vm.parseJsonBytes(vm.readFile(path), ".bytecode");
    }

    function _lzCode(string memory name) private view returns (bytes memory) {
        string memory path =
            string.concat("node_modules/@layerzerolabs/lz-evm-protocol-v2/artifacts/contracts/", name, ".json");
        return vm.parseJsonBytes(vm.readFile(path), ".bytecode");
    }

    function _create(bytes memory code, bytes memory arguments) internal returns (address at) {
        bytes memory creation = abi.encodePacked(code, arguments);
        assembly {
            at := create(0, add(creation, 0x20), mload(creation))
        }
        require(at != address(0), "creation failed");
    }
}
