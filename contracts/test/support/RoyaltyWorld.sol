// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IPoolV1} from "@chainlink/contracts-ccip/contracts/interfaces/IPool.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {Pool} from "@chainlink/contracts-ccip/contracts/libraries/Pool.sol";
import {Origin} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {Vm} from "forge-std/Vm.sol";
import {RoyaltyReceiver} from "../../src/RoyaltyReceiver.sol";
import {RoyaltyRemitter} from "../../src/RoyaltyRemitter.sol";
import {RoyaltyVault} from "../../src/RoyaltyVault.sol";
import {Transport} from "../../src/interfaces/IGateway.sol";
import {Component, Deployment} from "../../src/interfaces/IRegistryFactory.sol";
import {Payee, RemittedCredit, Remittance, Share, Withdrawal} from "../../src/interfaces/IRoyaltyVault.sol";
import {TestDollar, TestDollarOft} from "../devnet/TestDollar.sol";
import {OneWord} from "./Stubs.sol";
import {IPoolSetup, TokenOnRamp} from "./TokenLane.sol";
import {IRouter, World} from "./World.sol";

/// @dev {World} with a receiver, a vault and a remitter on each chain, and one dollar that both bridges move: over the
/// real CCIP Router and the real BurnMintTokenPool (by its published bytecode), and by an OFT on the real EndpointV2.
abstract contract RoyaltyWorld is World {
    struct Till {
        RoyaltyReceiver receiver;
        RoyaltyVault vault;
        RoyaltyRemitter remitter;
        TestDollar dollar;
        TestDollarOft oft;
        IPoolV1 pool;
        TokenOnRamp onRamp;
    }

    /// @dev Money on its way, with what its bridge carries.
    struct Shipment {
        uint256 src;
        uint256 dst;
        bytes32 messageId;
        uint256 amount;
        bytes data;
        uint64 lzNonce;
        bytes lzMessage;
    }

    bytes32 private constant WITHDRAWAL_TYPEHASH = keccak256(
        "Withdrawal(address token,bytes32 chainHash,bytes32 account,address claimant,address recipient,uint256 amount,uint256 nonce,uint256 deadline)"
    );

    address internal constant NATIVE = address(0);
    uint256 internal constant FEE_WEI = 0.002 ether;
    address internal immutable CHARITY = makeAddr("charity");
    address internal immutable GALLERY = makeAddr("gallery");

    Till[] internal tills;
    address internal artist;
    uint256 internal artistKey;

    function setUp() public virtual override {
        super.setUp();
        (artist, artistKey) = makeAddrAndKey("artist's key");
        uint64 nonce = vm.getNonce(address(this));
        for (uint256 i = 0; i < CHAINS; ++i) {
            Deployment memory deployment = _deployment(i);
            for (uint256 j = 0; j < CHAINS; ++j) {
                address receiver = vm.computeCreateAddress(address(this), nonce + 2 * j);
                address vault = vm.computeCreateAddress(address(this), nonce + 2 * j + 1);
                deployment.peers[j][uint256(Component.ROYALTY_RECEIVER)] = _bytes32(receiver);
                deployment.peers[j][uint256(Component.ROYALTY_VAULT)] = _bytes32(vault);
                if (i != j) continue;
                deployment.components[uint256(Component.ROYALTY_RECEIVER)] = receiver;
                deployment.components[uint256(Component.ROYALTY_VAULT)] = vault;
            }
            _on(i);
            Till storage till = tills.push();
            till.receiver = new RoyaltyReceiver(deployment);
            till.vault = new RoyaltyVault(deployment);
            till.remitter = RoyaltyRemitter(till.vault.remitter());
        }
        _deployDollars();
        vm.deal(MINTER, 1000 ether);
    }

    function _payee(uint256 chain, address account) internal view returns (Payee memory) {
        return Payee(chains[chain].chainHash, _bytes32(account), address(0));
    }

    function _shares(Share memory a) internal pure returns (Share[] memory shares) {
        shares = new Share[](1);
        shares[0] = a;
    }

    /// @dev In the order in which a split wants them.
    function _shares(RoyaltyVault vault, Share memory a, Share memory b) internal pure returns (Share[] memory shares) {
        shares = new Share[](2);
        bool ordered = vault.payeeIdOf(a.payee) < vault.payeeIdOf(b.payee);
        (shares[0], shares[1]) = ordered ? (a, b) : (b, a);
    }

    function _stateSplit(uint256 chain, Share[] memory shares) internal {
        RoyaltyVault vault = tills[chain].vault;
        (uint64 revision,,) = vault.splitInForce();
        vm.prank(OWNER);
        vault.stateSplit(revision, shares);
    }

    /// @dev All to one payee.
    function _stateSole(uint256 chain, Payee memory payee) internal {
        _stateSplit(chain, _shares(Share(payee, 10_000)));
    }

    function _depositDollars(uint256 chain, uint256 amount) internal {
        Till storage till = tills[chain];
        _on(chain);
        till.dollar.mint(address(this), amount);
        till.dollar.approve(address(till.vault), amount);
        till.vault.deposit(address(till.dollar), amount);
    }

    function _withdrawal(
        address token,
        Payee memory payee,
        address recipient,
        uint256 amount
    ) internal pure returns (Withdrawal memory) {
        return Withdrawal(token, payee, recipient, amount);
    }

    /// @dev What a payee signs (EIP-712).
    function _withdrawalHash(
        uint256 chain,
        Withdrawal memory withdrawal,
        uint256 nonce,
        uint256 deadline
    ) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Colophon RoyaltyVault"),
                keccak256("1"),
                chains[chain].chainId,
                address(tills[chain].vault)
            )
        );
        Payee memory payee = withdrawal.payee;
        bytes32 structHash = keccak256(
            abi.encode(
                WITHDRAWAL_TYPEHASH,
                withdrawal.token,
                payee.chainHash,
                payee.account,
                payee.claimant,
                withdrawal.recipient,
                withdrawal.amount,
                nonce,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _remittance(
        uint256 src,
        uint256 dst,
        Transport transport,
        bytes32 settlementId,
        address account,
        uint256 amount
    ) internal view returns (Remittance memory remittance) {
        remittance.settlementId = settlementId;
        remittance.dstChainHash = chains[dst].chainHash;
        remittance.transport = transport;
        remittance.token = address(tills[src].dollar);
        remittance.credits = new RemittedCredit[](1);
        remittance.credits[0] = RemittedCredit(_bytes32(account), address(0), amount);
        remittance.minArriving = amount;
    }

    /// @dev The settler remits and the bridge takes it.
    function _remit(
        uint256 src,
        uint256 dst,
        Remittance memory remittance
    ) internal returns (Shipment memory shipment) {
        RoyaltyVault vault = tills[src].vault;
        _on(src);
        vm.recordLogs();
        vm.prank(MINTER);
        (, bytes32 messageId) = vault.remit{value: 1 ether}(remittance);
        shipment.src = src;
        shipment.dst = dst;
        shipment.messageId = messageId;
        for (uint256 i = 0; i < remittance.credits.length; ++i) {
            shipment.amount += remittance.credits[i].amount;
        }
        if (remittance.transport == Transport.CCIP) shipment.data = tills[src].onRamp.last().data;
        else (shipment.lzNonce, shipment.lzMessage) = _packetSent();
    }

    /// @dev As CCIP's OffRamp: the real pool releases, then the real Router calls, with the gas that was bought.
    function _arriveByCcip(Shipment memory shipment) internal {
        (bool success,) = _executeByCcip(shipment, _ccipGasOf(shipment.src));
        assertTrue(success, "execution");
    }

    function _executeByCcip(
        Shipment memory shipment,
        uint256 gasLimit
    ) internal returns (bool success, uint256 gasUsed) {
        Till storage dst = tills[shipment.dst];
        Till storage src = tills[shipment.src];
        IRouter router = _on(shipment.dst).router;
        uint64 selector = chains[shipment.src].ccipSelector;
        bytes memory sender = abi.encode(src.remitter);
        dst.pool
            .releaseOrMint(
                Pool.ReleaseOrMintInV1({
                    originalSender: sender,
                    remoteChainSelector: selector,
                    receiver: address(dst.remitter),
                    sourceDenominatedAmount: shipment.amount,
                    localToken: address(dst.dollar),
                    sourcePoolAddress: abi.encode(src.pool),
                    sourcePoolData: abi.encode(6),
                    offchainTokenData: ""
                })
            );
        Client.EVMTokenAmount[] memory money = new Client.EVMTokenAmount[](1);
        money[0] = Client.EVMTokenAmount(address(dst.dollar), shipment.amount);
        (success,, gasUsed) = router.routeMessage(
            Client.Any2EVMMessage(shipment.messageId, selector, sender, shipment.data, money),
            5000,
            gasLimit,
            address(dst.remitter)
        );
    }

    /// @dev The gas limit of the last message, out of its GenericExtraArgsV2.
    function _ccipGasOf(uint256 src) internal view returns (uint256 gasLimit) {
        bytes memory extraArgs = tills[src].onRamp.last().extraArgs;
        assembly {
            gasLimit := mload(add(extraArgs, 0x24))
        }
    }

    /// @dev As the DVNs. The endpoint executes a message once all earlier ones are verified.
    function _verifyForOft(Shipment memory shipment) internal returns (Origin memory origin) {
        Till storage dst = tills[shipment.dst];
        Network storage network = _on(shipment.dst);
        origin = Origin(chains[shipment.src].lzEid, _bytes32(address(tills[shipment.src].oft)), shipment.lzNonce);
        vm.prank(network.lzLibrary);
        network.endpoint
            .verify(origin, address(dst.oft), keccak256(abi.encodePacked(shipment.messageId, shipment.lzMessage)));
    }

    /// @dev As DVNs and executor: verifies and delivers to the OFT, which hands the money over and leaves a composed
    /// message at the endpoint.
    function _arriveAtOft(Shipment memory shipment) internal returns (bytes memory composed) {
        Origin memory origin = _verifyForOft(shipment);
        Till storage dst = tills[shipment.dst];
        Network storage network = chains[shipment.dst];
        vm.recordLogs();
        network.endpoint.lzReceive{gas: 150_000}(origin, address(dst.oft), shipment.messageId, shipment.lzMessage, "");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != keccak256("ComposeSent(address,address,bytes32,uint16,bytes)")) continue;
            (,,,, composed) = abi.decode(logs[i].data, (address, address, bytes32, uint16, bytes));
        }
    }

    function _compose(Shipment memory shipment, bytes memory composed) internal {
        Till storage dst = tills[shipment.dst];
        _on(shipment.dst).endpoint.lzCompose{gas: 340_000}(
            address(dst.oft), address(dst.remitter), shipment.messageId, 0, composed, ""
        );
    }

    function _arriveByOft(Shipment memory shipment) internal {
        _compose(shipment, _arriveAtOft(shipment));
    }

    /// @dev The one log with this first topic since `vm.recordLogs`.
    function _logOf(bytes32 topic) internal returns (Vm.Log memory found) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != topic) continue;
            ++count;
            found = logs[i];
        }
        assertEq(count, 1, "logs");
    }

    /// @dev Packet (version 1): version 1 byte, nonce 8, source eid 4, sender 32, destination eid 4, receiver 32, guid 32,
    /// message.
    function _packetSent() private returns (uint64 nonce, bytes memory message) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != keccak256("PacketSent(bytes,bytes,address)")) continue;
            (bytes memory packet,,) = abi.decode(logs[i].data, (bytes, bytes, address));
            assembly {
                nonce := shr(192, mload(add(packet, 0x21)))
            }
            message = new bytes(packet.length - 113);
            for (uint256 j = 0; j < message.length; ++j) {
                message[j] = packet[113 + j];
            }
        }
    }

    function _deployDollars() private {
        bytes memory poolCode = vm.parseBytes(
            vm.readFile("node_modules/@chainlink/contracts-ccip/bytecode/v1_6_1/burn_mint_token_pool.bin")
        );
        for (uint256 i = 0; i < CHAINS; ++i) {
            Till storage till = tills[i];
            Network storage network = _on(i);
            till.dollar = new TestDollar(address(this));
            till.oft = new TestDollarOft(till.dollar, address(network.endpoint), address(this));
            till.pool = IPoolV1(
                _create(
                    poolCode,
                    abi.encode(till.dollar, uint8(6), new address[](0), new OneWord(0), address(network.router))
                )
            );
            till.dollar.setBridge(address(till.oft), true);
            till.dollar.setBridge(address(till.pool), true);
            till.onRamp = new TokenOnRamp(address(till.dollar), till.pool);
            vm.prank(OWNER);
            till.remitter.setOft(address(till.dollar), address(till.oft));
        }
        for (uint256 i = 0; i < CHAINS; ++i) {
            _wireDollar(i);
        }
    }

    function _wireDollar(uint256 chain) private {
        Till storage till = tills[chain];
        Network storage network = _on(chain);
        IRouter.OnRamp[] memory onRamps = new IRouter.OnRamp[](CHAINS);
        IPoolSetup.ChainUpdate[] memory updates = new IPoolSetup.ChainUpdate[](CHAINS);
        for (uint256 i = 0; i < CHAINS; ++i) {
            onRamps[i] = IRouter.OnRamp(chains[i].ccipSelector, address(till.onRamp));
            updates[i].remoteChainSelector = chains[i].ccipSelector;
            updates[i].remotePoolAddresses = new bytes[](1);
            updates[i].remotePoolAddresses[0] = abi.encode(tills[i].pool);
            updates[i].remoteTokenAddress = abi.encode(tills[i].dollar);
            till.oft.setPeer(chains[i].lzEid, _bytes32(address(tills[i].oft)));
        }
        network.router.applyRampUpdates(onRamps, new IRouter.OffRamp[](0), new IRouter.OffRamp[](0));
        IPoolSetup(address(till.pool)).applyChainUpdates(new uint64[](0), updates);
    }
}
