// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The contracts of which one registry consists on each of its chains. A registry always has the collection,
/// the gateway, the queue and the lanes; the others are there if its manifest names their code.
enum Component {
    COLLECTION,
    GATEWAY,
    CCIP_TRANSPORT,
    LAYER_ZERO_TRANSPORT,
    DELAYED_QUEUE,
    LANES,
    ROYALTY_RECEIVER,
    ROYALTY_VAULT,
    LICENCE_BOOK
}

/// @notice One chain of a registry, with the addresses and names that the two transports have for it there.
/// @param chainHash keccak256 of the CAIP-2 name, e.g. of `eip155:1`.
/// @param chainId EIP-155 chain id.
/// @param ccipRouter CCIP Router on that chain; zero if CCIP is not there.
/// @param ccipSelector CCIP chain selector; zero if CCIP is not there.
/// @param lzEndpoint LayerZero EndpointV2 on that chain; zero if LayerZero is not there.
/// @param lzEid LayerZero endpoint id; zero if LayerZero is not there.
/// @param lzSendLibrary LayerZero send library that the transport uses there, never the default one.
/// @param lzReceiveLibrary LayerZero receive library, likewise.
/// @param lzExecutor Who is paid there to execute messages on their destinations.
/// @param lzConfirmations Blocks above a message from that chain before verifiers may attest it.
/// @param lzDvns Verifiers there, all of them required, sorted by address without repetition.
struct ChainEntry {
    bytes32 chainHash;
    uint256 chainId;
    address ccipRouter;
    uint64 ccipSelector;
    address lzEndpoint;
    uint32 lzEid;
    address lzSendLibrary;
    address lzReceiveLibrary;
    address lzExecutor;
    uint64 lzConfirmations;
    address[] lzDvns;
}

/// @notice A token bucket: how many works may pass. A statement with more works than `capacity` passes when the
/// bucket is full.
/// @param capacity Works that a full bucket lets pass at once; zero for no limit.
/// @param perDay Works by which the bucket fills up in 24 hours.
struct Limit {
    uint32 capacity;
    uint32 perDay;
}

/// @notice All that a registry is at its birth, the same on each of its chains. Its hash is part of every
/// component's address, so nobody can put other code or other settings there.
/// @param owner Owner of the collection; also the namespace of `salt`.
/// @param salt Chosen by the owner; tells apart the registries of one owner.
/// @param name ERC-721 name.
/// @param symbol ERC-721 symbol.
/// @param contractURI ERC-7572 metadata of the collection.
/// @param editionCap Number of works that can ever be minted.
/// @param royaltyBps ERC-2981 royalty in basis points, at most 10,000.
/// @param royaltyReceiver ERC-2981 receiver.
/// @param royaltyPolicyHash See {RegistryState}.
/// @param licenceHash See {RegistryState}.
/// @param minter May commit mints and state revisions of works, on the home chain.
/// @param policy May state the registry's own revisions, on the home chain.
/// @param operator May change the URIs, on each chain by itself.
/// @param guardian May freeze and unfreeze works, on each chain by itself.
/// @param artist Has to sign every mint (EIP-712, or EIP-1271 for a contract); zero if nobody has to.
/// @param seedSource {ISeedSource} on the home chain; zero for block hashes.
/// @param adopted ERC-721 on the home chain whose tokens are the registry's works; zero if it mints its own.
/// @param adapterCodeHash keccak256 of the creation code that stands in for the collection on the home chain if
/// `adopted` is not zero (see {IAdoptedCollection}); the mirrors have the collection itself.
/// @param outboundLimit Limit at birth of works that leave a chain for another one.
/// @param inboundLimit Limit at birth of works that arrive on a chain from another one.
/// @param homeChainHash The chain that mints; one of `chains`.
/// @param chains The home chain and its mirrors.
/// @param codeHashes keccak256 of the creation code of each {Component}, in its order and as many; zero if the
/// registry has no such component.
struct Manifest {
    address owner;
    bytes32 salt;
    string name;
    string symbol;
    string contractURI;
    uint64 editionCap;
    uint96 royaltyBps;
    address royaltyReceiver;
    bytes32 royaltyPolicyHash;
    bytes32 licenceHash;
    address minter;
    address policy;
    address operator;
    address guardian;
    address artist;
    address seedSource;
    address adopted;
    bytes32 adapterCodeHash;
    Limit outboundLimit;
    Limit inboundLimit;
    bytes32 homeChainHash;
    ChainEntry[] chains;
    bytes32[] codeHashes;
}

/// @notice The only constructor argument of every component; made by the factory, never by the caller.
/// @param manifest The manifest deployed.
/// @param registryId keccak256(abi.encode(homeChainHash, factory, owner, salt)): the same on every chain.
/// @param components Address of each {Component} on this chain, in its order, deployed or not yet; zero if the
/// registry has no such component.
/// @param peers For each of the manifest's chains, in their order, the same as 32 bytes. The factory puts a
/// component at one address everywhere; chains with other rules for addresses will differ.
struct Deployment {
    Manifest manifest;
    bytes32 registryId;
    address[] components;
    bytes32[][] peers;
}

/// @title Deploys the components of registries at addresses that depend on nothing but the manifest.
/// @notice The factory has no constructor arguments and no state, so it has one address on all chains where the
/// deterministic deployment proxy (0x4e59b44847b379578588920cA78FbF26c0B4956C) put it. Anyone may deploy exactly
/// the code that a manifest names, and nothing else can ever stand at that address.
interface IRegistryFactory {
    /// @notice A component of a registry now stands at `at`.
    event ComponentDeployed(
        bytes32 indexed registryId, bytes32 indexed manifestHash, Component indexed component, address at
    );

    /// @notice The component was deployed before, at `at`; nothing is left to do.
    error AlreadyDeployed(address at);

    /// @notice The creation code is not the one that the manifest names.
    error CodeHashMismatch(Component component, bytes32 expected, bytes32 actual);

    /// @notice The manifest has no entry for the chain on which the call runs.
    error ChainNotInManifest(uint256 chainId);

    /// @notice The manifest does not list its home chain.
    error HomeNotInManifest(bytes32 homeChainHash);

    /// @notice An entry names a chain that is not the one of its chain id, or that another entry names already.
    error InvalidChainEntry(uint256 index, bytes32 chainHash);

    /// @notice A manifest has one code hash for each {Component}.
    error CodeHashCount(uint256 expected, uint256 actual);

    /// @notice The manifest lacks a component that every registry has.
    error ComponentMissing(Component component);

    /// @notice The manifest has no such component, so nothing can be deployed as it.
    error ComponentUnused(Component component);

    /// @notice The constructor of the component failed.
    error DeploymentFailed(Component component);

    /// @notice Deploys one component of a registry on this chain. Anyone may call it.
    /// @param manifest The manifest; must list this chain.
    /// @param component Which component.
    /// @param creationCode Its creation code, without constructor arguments.
    /// @return at Where it stands.
    function deploy(
        Manifest calldata manifest,
        Component component,
        bytes calldata creationCode
    ) external returns (address at);

    /// @notice Where a component stands or will stand, on this chain and on every other with this factory; zero if
    /// the manifest has no such component.
    function addressOf(Manifest calldata manifest, Component component) external view returns (address);

    /// @notice keccak256(abi.encode(homeChainHash, factory, owner, salt)).
    function registryIdOf(Manifest calldata manifest) external view returns (bytes32);
}
