// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Test} from "forge-std/Test.sol";
import {LicenceBook} from "../../src/LicenceBook.sol";
import {Grant, Offer} from "../../src/interfaces/ILicenceBook.sol";
import {ChainEntry, Component, Deployment} from "../../src/interfaces/IRegistryFactory.sol";
import {RoleBook} from "./RoleBook.sol";

/// @dev A currency that keeps a part of each transfer to itself.
contract FeeToken is ERC20 {
    uint256 private immutable FEE;

    constructor(uint256 fee) ERC20("Dollar", "USD") {
        FEE = fee;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        super._update(from, address(this), FEE);
        super._update(from, to, amount - FEE);
    }
}

/// @dev Takes money, and buys again while it does.
contract GreedyReceiver {
    LicenceBook private _book;
    bool public refuses;
    bytes public answer;

    function setBook(LicenceBook book) external {
        _book = book;
    }

    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    receive() external payable {
        if (refuses) revert("not today");
        if (address(_book) == address(0)) return;
        (, answer) = address(_book).call(abi.encodeCall(_book.buy, (0, address(this))));
    }
}

/// @dev The licence books of one registry on a home and two mirrors, in one EVM. The test is their Gateway.
abstract contract LicenceWorld is Test {
    uint256 internal constant HOME = 0;
    uint256 internal constant BASE = 1;
    uint256 internal constant MOONBEAM = 2;
    uint256 internal constant PRICE = 0.25 ether;
    bytes32 internal constant TEXT = keccak256("You may print it.");
    bytes32 internal constant REGISTRY_ID = keccak256("registry");
    uint256 internal constant WORK = 7 << 96 | 1;
    uint256 internal constant OTHER_WORK = 8 << 96 | 2;

    address internal immutable OWNER = makeAddr("owner");
    address internal immutable POLICY = makeAddr("policy");
    address internal immutable ARTIST = makeAddr("artist");
    address internal immutable ALICE = makeAddr("alice");
    address internal immutable BOB = makeAddr("bob");

    LicenceBook[3] internal books;
    bytes32[3] internal hashes = [keccak256("eip155:1"), keccak256("eip155:8453"), keccak256("eip155:1284")];
    uint256[3] private _chainIds = [uint256(1), 8453, 1284];

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        for (uint256 i = 0; i < 3; ++i) {
            books[i] = _deploy(i, ARTIST, address(0));
            vm.prank(POLICY);
            books[i].addTemplate(TEXT, "ipfs://print");
        }
        vm.deal(ALICE, 100 ether);
        vm.deal(BOB, 100 ether);
    }

    function _deploy(uint256 chain, address royaltyReceiver, address component) internal returns (LicenceBook) {
        RoleBook roles = new RoleBook(OWNER, OWNER, hashes[HOME], hashes[chain]);
        roles.setPolicy(POLICY);
        roles.setGateway(address(this));
        Deployment memory deployment;
        deployment.registryId = REGISTRY_ID;
        deployment.manifest.homeChainHash = hashes[HOME];
        deployment.manifest.royaltyReceiver = royaltyReceiver;
        deployment.manifest.chains = new ChainEntry[](3);
        for (uint256 i = 0; i < 3; ++i) {
            deployment.manifest.chains[i].chainHash = hashes[i];
            deployment.manifest.chains[i].chainId = _chainIds[i];
        }
        deployment.components = new address[](uint256(type(Component).max) + 1);
        deployment.components[uint256(Component.COLLECTION)] = address(roles);
        deployment.components[uint256(Component.ROYALTY_RECEIVER)] = component;
        vm.chainId(_chainIds[chain]);
        return new LicenceBook(deployment);
    }

    /// @dev For one work, for a year, all that terms can allow.
    function _terms() internal pure returns (Offer memory terms) {
        terms.templateHash = TEXT;
        terms.price = PRICE;
        terms.termSeconds = 365 days;
        terms.transferable = true;
        terms.revocable = true;
        terms.workIds = new uint256[](1);
        terms.workIds[0] = WORK;
    }

    function _offer(uint256 chain, Offer memory terms) internal returns (uint256) {
        vm.prank(POLICY);
        return books[chain].offer(terms);
    }

    /// @dev Alice buys for herself what `terms` offer for native money.
    function _buy(uint256 chain, Offer memory terms) internal returns (bytes32) {
        uint256 offerId = _offer(chain, terms);
        vm.prank(ALICE);
        return books[chain].buy{value: terms.price}(offerId, ALICE);
    }

    /// @dev What the Gateways would carry; delivered as often and as late as the test likes.
    function _carry(uint256 src, uint256 dst, bytes32 grantId) internal {
        books[dst].applyGrant(hashes[src], _stated(src, dst, grantId));
    }

    function _stated(uint256 src, uint256 dst, bytes32 grantId) internal view returns (Grant memory) {
        return books[src].statementOf(grantId, hashes[dst]);
    }

    function _transfer(uint256 chain, bytes32 grantId, address from, address to) internal {
        vm.prank(from);
        books[chain].transfer(grantId, to);
    }

    function _revoke(uint256 chain, bytes32 grantId) internal {
        vm.prank(POLICY);
        books[chain].revoke(grantId, keccak256("reason"));
    }
}
