// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {AdoptedCollection} from "../src/AdoptedCollection.sol";
import {CcipTransport} from "../src/CcipTransport.sol";
import {Collection} from "../src/Collection.sol";
import {DelayedQueue} from "../src/DelayedQueue.sol";
import {Gateway} from "../src/Gateway.sol";
import {Lanes} from "../src/Lanes.sol";
import {LayerZeroTransport} from "../src/LayerZeroTransport.sol";
import {RegistryFactory} from "../src/RegistryFactory.sol";
import {IGateway, Kind, Transport} from "../src/interfaces/IGateway.sol";
import {Component, IRegistryFactory, Manifest} from "../src/interfaces/IRegistryFactory.sol";
import {World} from "./support/World.sol";

contract RegistryFactoryTest is World {
    RegistryFactory private factory;
    bytes[6] private codes;

    function setUp() public override {
        super.setUp();
        factory = new RegistryFactory();
        codes = [
            type(Collection).creationCode,
            type(Gateway).creationCode,
            type(CcipTransport).creationCode,
            type(LayerZeroTransport).creationCode,
            type(DelayedQueue).creationCode,
            type(Lanes).creationCode
        ];
        _on(HOME);
    }

    function test_deploy_putsEachComponentWhereItWasAnnounced_wiredTogether() public {
        Manifest memory manifest = _codedManifest();
        bytes32 registryId = keccak256(abi.encode(manifest.homeChainHash, address(factory), OWNER, manifest.salt));
        for (uint256 i = 0; i < codes.length; ++i) {
            address announced = factory.addressOf(manifest, Component(i));
            vm.expectEmit(address(factory));
            emit IRegistryFactory.ComponentDeployed(
                registryId, keccak256(abi.encode(manifest)), Component(i), announced
            );
            vm.prank(BOB);
            assertEq(factory.deploy(manifest, Component(i), codes[i]), announced);
        }
        Gateway gateway = Gateway(factory.addressOf(manifest, Component.GATEWAY));
        Collection collection = Collection(gateway.collection());
        assertEq(address(collection), factory.addressOf(manifest, Component.COLLECTION));
        assertEq(collection.gateway(), address(gateway));
        assertEq(collection.owner(), OWNER);
        Lanes lanes = Lanes(factory.addressOf(manifest, Component.LANES));
        assertEq(address(gateway.lanes()), address(lanes));
        assertEq(lanes.gateway(), address(gateway));
        address queue = factory.addressOf(manifest, Component.DELAYED_QUEUE);
        assertEq(DelayedQueue(queue).collection(), address(collection));
        assertEq(factory.addressOf(manifest, Component.LICENCE_BOOK), address(0));
        assertEq(gateway.registryId(), registryId);
        assertEq(collection.registryId(), registryId);
        assertEq(factory.registryIdOf(manifest), registryId);
        assertEq(gateway.localChainHash(), chains[HOME].chainHash);
        assertEq(lanes.peerOf(chains[BASE].chainHash), _bytes32(address(gateway)));
        assertEq(lanes.peerOf(chains[HOME].chainHash), 0);
        for (uint8 i = 1; i <= 2; ++i) {
            address transport = gateway.transportAt(Transport(i));
            assertEq(transport, factory.addressOf(manifest, Component(i + 1)));
            assertEq(CcipTransport(transport).gateway(), address(gateway));
            assertEq(CcipTransport(transport).peerOf(chains[BASE].chainHash), _bytes32(transport));
        }
    }

    function test_addressOf_isTheSameOnEveryChain() public {
        Manifest memory manifest = _codedManifest();
        address atHome = factory.addressOf(manifest, Component.COLLECTION);
        _on(MOONBEAM);
        assertEq(factory.addressOf(manifest, Component.COLLECTION), atHome);
        assertEq(factory.deploy(manifest, Component.COLLECTION, codes[0]), atHome);
        assertEq(Collection(atHome).localChainHash(), chains[MOONBEAM].chainHash);
    }

    function testFuzz_addressOf_differsWhen_AnyPartOfTheManifestDoes(uint8 field) public view {
        Manifest memory manifest = _codedManifest();
        address before = factory.addressOf(manifest, Component.COLLECTION);
        field = field % 8;
        if (field == 0) manifest.owner = BOB;
        if (field == 1) manifest.salt = keccak256("second registry");
        if (field == 2) manifest.editionCap += 1;
        if (field == 3) manifest.minter = BOB;
        if (field == 4) manifest.chains[2].ccipSelector += 1;
        if (field == 5) manifest.codeHashes[3] = 0;
        if (field == 6) manifest.royaltyReceiver = BOB;
        if (field == 7) manifest.homeChainHash = manifest.chains[1].chainHash;
        assertNotEq(factory.addressOf(manifest, Component.COLLECTION), before);
    }

    function test_deploy_ofAdoptedTokens_putsAnAdapterAtHome_andTheCollectionOnMirrors() public {
        Manifest memory manifest = _codedManifest();
        manifest.adopted = makeAddr("token");
        bytes memory adapter = type(AdoptedCollection).creationCode;
        manifest.adapterCodeHash = keccak256(adapter);

        vm.expectPartialRevert(IRegistryFactory.CodeHashMismatch.selector);
        factory.deploy(manifest, Component.COLLECTION, codes[0]);
        vm.expectPartialRevert(IRegistryFactory.CodeHashMismatch.selector);
        factory.deploy(manifest, Component.GATEWAY, adapter);
        uint256 snapshot = vm.snapshotState();
        address home = factory.deploy(manifest, Component.COLLECTION, adapter);
        assertEq(AdoptedCollection(home).token(), manifest.adopted);

        vm.revertToState(snapshot);
        _on(BASE);
        vm.expectPartialRevert(IRegistryFactory.CodeHashMismatch.selector);
        factory.deploy(manifest, Component.COLLECTION, adapter);
        assertEq(factory.deploy(manifest, Component.COLLECTION, codes[0]), home);
    }

    function test_deploy_RevertWhen_CodeIsNotTheManifests() public {
        Manifest memory manifest = _codedManifest();
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistryFactory.CodeHashMismatch.selector,
                Component.COLLECTION,
                keccak256(codes[0]),
                keccak256(codes[1])
            )
        );
        factory.deploy(manifest, Component.COLLECTION, codes[1]);
    }

    function test_deploy_RevertWhen_AComponentThatEveryRegistryHasIsMissing() public {
        Component[4] memory required =
            [Component.COLLECTION, Component.GATEWAY, Component.DELAYED_QUEUE, Component.LANES];
        for (uint256 i = 0; i < required.length; ++i) {
            Manifest memory manifest = _codedManifest();
            manifest.codeHashes[uint256(required[i])] = 0;
            vm.expectRevert(abi.encodeWithSelector(IRegistryFactory.ComponentMissing.selector, required[i]));
            factory.deploy(manifest, Component.CCIP_TRANSPORT, codes[2]);
        }
    }

    function test_deploy_RevertWhen_TheRegistryHasNoSuchComponent() public {
        Manifest memory manifest = _codedManifest();
        manifest.codeHashes[2] = 0;
        vm.expectRevert(abi.encodeWithSelector(IRegistryFactory.ComponentUnused.selector, Component.CCIP_TRANSPORT));
        factory.deploy(manifest, Component.CCIP_TRANSPORT, codes[2]);

        Gateway gateway = Gateway(factory.deploy(manifest, Component.GATEWAY, codes[1]));
        factory.deploy(manifest, Component.LANES, codes[5]);
        bytes32 base = chains[BASE].chainHash;
        assertEq(gateway.transportAt(Transport.CCIP), address(0));
        bytes memory refusal = abi.encodeWithSelector(IGateway.TransportUnused.selector, Transport.CCIP);
        vm.expectRevert(refusal);
        gateway.openLane(base, Transport.CCIP);
        vm.expectRevert(refusal);
        gateway.quoteLane(base, Transport.CCIP, Kind.HELLO);
    }

    function testFuzz_deploy_RevertWhen_CodeHashesAreNotOnePerComponent(uint8 count) public {
        Manifest memory manifest = _codedManifest();
        vm.assume(count != COMPONENTS);
        manifest.codeHashes = new bytes32[](count);
        vm.expectRevert(abi.encodeWithSelector(IRegistryFactory.CodeHashCount.selector, COMPONENTS, count));
        factory.deploy(manifest, Component.COLLECTION, codes[0]);
    }

    function test_deploy_RevertWhen_DeployedBefore() public {
        Manifest memory manifest = _codedManifest();
        address at = factory.deploy(manifest, Component.COLLECTION, codes[0]);
        vm.expectRevert(abi.encodeWithSelector(IRegistryFactory.AlreadyDeployed.selector, at));
        factory.deploy(manifest, Component.COLLECTION, codes[0]);
    }

    function test_deploy_RevertWhen_ChainIsNotListed() public {
        vm.chainId(5);
        _expectRefusal(_codedManifest(), abi.encodeWithSelector(IRegistryFactory.ChainNotInManifest.selector, 5));
    }

    function test_deploy_RevertWhen_HomeIsNotListed() public {
        Manifest memory manifest = _codedManifest();
        manifest.homeChainHash = keccak256("eip155:5");
        _expectRefusal(
            manifest, abi.encodeWithSelector(IRegistryFactory.HomeNotInManifest.selector, manifest.homeChainHash)
        );
    }

    function test_deploy_RevertWhen_ChainHashIsNotTheChainIds() public {
        Manifest memory manifest = _codedManifest();
        manifest.chains[2].chainHash = keccak256("eip155:5");
        _expectRefusal(
            manifest, abi.encodeWithSelector(IRegistryFactory.InvalidChainEntry.selector, 2, keccak256("eip155:5"))
        );
    }

    function test_deploy_RevertWhen_AChainIsListedTwice() public {
        Manifest memory manifest = _codedManifest();
        manifest.chains[2] = manifest.chains[1];
        _expectRefusal(
            manifest,
            abi.encodeWithSelector(IRegistryFactory.InvalidChainEntry.selector, 2, manifest.chains[1].chainHash)
        );
    }

    function test_deploy_RevertWhen_TheConstructorFails() public {
        Manifest memory manifest = _codedManifest();
        manifest.chains[0].ccipRouter = address(0);
        vm.expectRevert(abi.encodeWithSelector(IRegistryFactory.DeploymentFailed.selector, Component.CCIP_TRANSPORT));
        factory.deploy(manifest, Component.CCIP_TRANSPORT, codes[2]);
    }

    function _expectRefusal(Manifest memory manifest, bytes memory reason) private {
        vm.expectRevert(reason);
        factory.deploy(manifest, Component.COLLECTION, codes[0]);
    }

    function _codedManifest() private view returns (Manifest memory manifest) {
        manifest = _manifest();
        for (uint256 i = 0; i < codes.length; ++i) {
            manifest.codeHashes[i] = keccak256(codes[i]);
        }
    }
}
