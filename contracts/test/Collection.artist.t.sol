// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Collection} from "../src/Collection.sol";
import {ICollection, MintRequest} from "../src/interfaces/ICollection.sol";
import {Deployment} from "../src/interfaces/IRegistryFactory.sol";
import {RegistryState} from "../src/interfaces/PayloadTypes.sol";
import {AgreeingWallet} from "./support/Stubs.sol";
import {SeedSourceDouble} from "./support/SeedSourceDouble.sol";
import {World} from "./support/World.sol";

/// @dev Registries whose manifest names an artist or a seed source.
contract CollectionArtistTest is World {
    bytes32 private constant DOCUMENT = keccak256("document");
    uint256 private constant ARTIST_KEY = 0xA27157;
    bytes32 private constant POLICY_HASH = keccak256("royalty policy");
    SeedSourceDouble private seedSource;

    function setUp() public override {
        super.setUp();
        seedSource = new SeedSourceDouble();
    }

    function test_commitMints_takesTheArtistsSignature() public {
        Collection collection = _deploy(vm.addr(ARTIST_KEY), address(0));
        _commitTo(collection, _sign(collection, ARTIST_KEY, DOCUMENT, POLICY_HASH));
        assertEq(collection.commitOf(DOCUMENT).to, ALICE);
    }

    function test_commitMints_takesTheSignatureOfAnArtistsContract() public {
        AgreeingWallet wallet = new AgreeingWallet();
        Collection collection = _deploy(address(wallet), address(0));
        wallet.agree(_digest(collection, DOCUMENT, POLICY_HASH));
        _commitTo(collection, "");
        assertEq(collection.reserved(), 1);
    }

    function test_commitMints_RevertWhen_TheArtistSignedSomethingElse() public {
        Collection collection = _deploy(vm.addr(ARTIST_KEY), address(0));
        Collection other = _deploy(vm.addr(ARTIST_KEY), address(0));
        bytes[5] memory signatures = [
            bytes(""),
            _sign(collection, ARTIST_KEY + 1, DOCUMENT, POLICY_HASH),
            _sign(collection, ARTIST_KEY, keccak256("other document"), POLICY_HASH),
            _sign(collection, ARTIST_KEY, DOCUMENT, keccak256("other policy")),
            _sign(other, ARTIST_KEY, DOCUMENT, POLICY_HASH)
        ];
        for (uint256 i = 0; i < signatures.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICollection.ArtistSignatureInvalid.selector, DOCUMENT));
            _commitTo(collection, signatures[i]);
        }
        assertEq(collection.reserved(), 0);
    }

    function test_commitMints_RevertWhen_ThePolicyChangedSinceTheArtistSigned() public {
        Collection collection = _deploy(vm.addr(ARTIST_KEY), address(0));
        bytes memory signature = _sign(collection, ARTIST_KEY, DOCUMENT, POLICY_HASH);
        RegistryState memory next;
        next.revision = 1;
        next.royaltyPolicyHash = keccak256("new policy");
        vm.prank(POLICY);
        collection.stateRegistry(next);
        vm.expectRevert(abi.encodeWithSelector(ICollection.ArtistSignatureInvalid.selector, DOCUMENT));
        _commitTo(collection, signature);
    }

    function test_mint_drawsFromTheSeedSource() public {
        Collection collection = _deploy(address(0), address(seedSource));
        _commitTo(collection, "");
        assertEq(seedSource.asked(), 1);
        vm.expectRevert(abi.encodeWithSelector(ICollection.EntropyNotReady.selector, DOCUMENT));
        collection.mint(DOCUMENT);

        seedSource.answer(DOCUMENT, keccak256("entropy"));
        uint256 workId = collection.mint(DOCUMENT);
        bytes32 seed = keccak256(abi.encode(keccak256("entropy"), DOCUMENT, uint256(1), collection.registryId()));
        assertEq(collection.seedOf(workId), seed);
    }

    function test_constructor_RevertWhen_ACommitCannotNumberTheEditions() public {
        Deployment memory deployment = _deployment();
        deployment.manifest.editionCap = uint64(1) << 48;
        vm.expectRevert(abi.encodeWithSelector(ICollection.EditionCapTooGreat.selector, uint64(1) << 48));
        new Collection(deployment);
    }

    function test_constructor_RevertWhen_TheRoyaltyIsMoreThanThePrice() public {
        Deployment memory deployment = _deployment();
        deployment.manifest.royaltyBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(ICollection.RoyaltyTooHigh.selector, 10_001));
        new Collection(deployment);
    }

    function _deploy(address artist, address source) private returns (Collection) {
        vm.chainId(chains[HOME].chainId);
        Deployment memory deployment = _deployment();
        deployment.manifest.artist = artist;
        deployment.manifest.seedSource = source;
        return new Collection(deployment);
    }

    function _deployment() private returns (Deployment memory deployment) {
        vm.chainId(chains[HOME].chainId);
        deployment.manifest = _manifest();
        deployment.manifest.royaltyPolicyHash = POLICY_HASH;
        deployment.registryId = keccak256("registry of an artist");
        deployment.components = new address[](COMPONENTS);
    }

    function _commitTo(Collection collection, bytes memory signature) private {
        MintRequest[] memory requests = _mintRequest(ALICE, DOCUMENT);
        requests[0].artistSignature = signature;
        vm.prank(MINTER);
        collection.commitMints(requests);
    }

    function _sign(
        Collection collection,
        uint256 key,
        bytes32 documentHash,
        bytes32 policyHash
    ) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _digest(collection, documentHash, policyHash));
        return abi.encodePacked(r, s, v);
    }

    function _digest(Collection collection, bytes32 documentHash, bytes32 policyHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Colophon Collection"),
                keccak256("1"),
                chains[HOME].chainId,
                address(collection)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Mint(bytes32 registryId,bytes32 documentHash,bytes32 royaltyPolicyHash)"),
                keccak256("registry of an artist"),
                documentHash,
                policyHash
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
