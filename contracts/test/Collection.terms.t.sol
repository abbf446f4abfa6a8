// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Collection} from "../src/Collection.sol";
import {ICollection} from "../src/interfaces/ICollection.sol";
import {Component, Deployment} from "../src/interfaces/IRegistryFactory.sol";
import {RegistryState, WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {World} from "./support/World.sol";

/// @dev The registry's own state: royalty, licence, transfer policy.
contract CollectionTermsTest is World {
    address private immutable MARKET = makeAddr("market");
    uint256 private workId;
    Collection private home;
    bytes32 private seed;

    function setUp() public override {
        super.setUp();
        workId = _mint(ALICE, keccak256("document"));
        home = chains[HOME].collection;
        seed = home.seedOf(workId);
    }

    function test_stateRegistry_raisesTheRevision_andAnswersRoyalties() public {
        RegistryState memory next = _state(1);
        vm.expectEmit(address(home));
        emit ICollection.RegistryStated(1, next);
        vm.prank(POLICY);
        home.stateRegistry(next);
        assertEq(abi.encode(home.registryState()), abi.encode(next));
        (address receiver, uint256 amount) = home.royaltyInfo(workId, 2 ether);
        assertEq(receiver, ARTIST);
        assertEq(amount, 0.2 ether);
    }

    function test_royaltyInfo_namesTheRegistrysOwnReceiverIfThereIsOne() public {
        Deployment memory deployment;
        deployment.manifest = _manifest();
        deployment.components = new address[](COMPONENTS);
        deployment.components[uint256(Component.ROYALTY_RECEIVER)] = BOB;
        (address receiver,) = new Collection(deployment).royaltyInfo(workId, 1 ether);
        assertEq(receiver, BOB);
    }

    function test_stateRegistry_RevertWhen_NotTheNextRevision() public {
        RegistryState memory next = _state(2);
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedRevision.selector, 2, 1));
        vm.prank(POLICY);
        home.stateRegistry(next);

        next.revision = 1;
        vm.startPrank(POLICY);
        home.stateRegistry(next);
        vm.expectRevert(abi.encodeWithSelector(ICollection.UnexpectedRevision.selector, 1, 2));
        home.stateRegistry(next);
    }

    function test_stateRegistry_RevertWhen_NotPolicy() public {
        address[3] memory callers = [OWNER, MINTER, OPERATOR];
        RegistryState memory next = _state(1);
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, callers[i]));
            vm.prank(callers[i]);
            home.stateRegistry(next);
        }
    }

    function test_stateRegistry_RevertWhen_OnMirror() public {
        Collection mirror = _on(BASE).collection;
        RegistryState memory next = _state(1);
        vm.expectRevert(abi.encodeWithSelector(ICollection.NotHome.selector, chains[BASE].chainHash));
        vm.prank(POLICY);
        mirror.stateRegistry(next);
    }

    function test_stateRegistry_RevertWhen_TheRoyaltyIsMoreThanThePrice() public {
        RegistryState memory next = _state(1);
        next.royaltyBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(ICollection.RoyaltyTooHigh.selector, 10_001));
        vm.prank(POLICY);
        home.stateRegistry(next);
        next.royaltyBps = 10_000;
        vm.prank(POLICY);
        home.stateRegistry(next);
    }

    function test_stateRegistry_RevertWhen_TooManyOperators() public {
        RegistryState memory next = _state(1);
        next.operators = new bytes32[](17);
        vm.expectRevert(abi.encodeWithSelector(ICollection.TooManyOperators.selector, 17));
        vm.prank(POLICY);
        home.stateRegistry(next);
        next.operators = new bytes32[](16);
        vm.prank(POLICY);
        home.stateRegistry(next);
    }

    function test_applyRegistryState_keepsTheGreater() public {
        _apply(BASE, _state(3));
        RegistryState memory late = _state(2);
        late.royaltyBps = 1;
        vm.recordLogs();
        _apply(BASE, late);
        late.revision = 3;
        _apply(BASE, late);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(abi.encode(chains[BASE].collection.registryState()), abi.encode(_state(3)));
    }

    function test_applyRegistryState_RevertWhen_AtHome() public {
        vm.expectRevert(abi.encodeWithSelector(ICollection.HomeDecides.selector, 0));
        _apply(HOME, _state(1));
    }

    function test_applyRegistryState_RevertWhen_NotGateway() public {
        Collection mirror = _on(BASE).collection;
        RegistryState memory next = _state(1);
        vm.expectRevert(abi.encodeWithSelector(ICollection.Unauthorized.selector, POLICY));
        vm.prank(POLICY);
        mirror.applyRegistryState(next);
    }

    // transfer policy

    function test_transferPolicy_isOffByDefault() public {
        _approve(MARKET);
        vm.prank(MARKET);
        home.transferFrom(ALICE, BOB, workId);
        assertEq(home.ownerOf(workId), BOB);
    }

    function test_transferPolicy_letsOnlyItsOperatorsActForHolders() public {
        _restrict();
        _approve(BOB);
        bytes memory refusal = abi.encodeWithSelector(ICollection.OperatorNotAllowed.selector, BOB);
        vm.startPrank(BOB);
        vm.expectRevert(refusal);
        home.transferFrom(ALICE, BOB, workId);
        vm.expectRevert(refusal);
        home.burn(workId);
        vm.expectRevert(refusal);
        home.setUser(workId, BOB, 1);
        vm.stopPrank();

        vm.expectRevert(refusal);
        _depart(BOB);

        _approve(MARKET);
        vm.prank(MARKET);
        home.transferFrom(ALICE, BOB, workId);
        assertEq(home.ownerOf(workId), BOB);
    }

    function test_transferPolicy_neverBindsTheHolder() public {
        _restrict();
        vm.prank(ALICE);
        home.transferFrom(ALICE, BOB, workId);
        _depart(BOB);
        assertEq(home.ownerOf(workId), address(home));
    }

    function test_transferPolicy_doesNotReplaceTheHoldersApproval() public {
        _restrict();
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, MARKET, workId));
        vm.prank(MARKET);
        home.transferFrom(ALICE, BOB, workId);
    }

    function _restrict() private {
        vm.prank(POLICY);
        home.stateRegistry(_state(1));
    }

    function _approve(address operator) private {
        vm.prank(ALICE);
        home.setApprovalForAll(operator, true);
    }

    function _depart(address operator) private {
        WorkSend[] memory works = new WorkSend[](1);
        works[0] = WorkSend(workId, keccak256("document"), seed, 0, _bytes32(BOB), _bytes32(BOB));
        vm.prank(address(chains[HOME].gateway));
        home.depart(chains[BASE].chainHash, 1, works, operator);
    }

    function _apply(uint256 chain, RegistryState memory next) private {
        Collection collection = _on(chain).collection;
        vm.prank(address(chains[chain].gateway));
        collection.applyRegistryState(next);
    }

    function _state(uint40 revision) private view returns (RegistryState memory state) {
        state.revision = revision;
        state.royaltyBps = 1000;
        state.restrictsTransfers = true;
        state.royaltyPolicyHash = keccak256("royalty policy");
        state.licenceHash = keccak256("licence");
        state.operators = new bytes32[](2);
        state.operators[0] = bytes32(uint256(0xE7C4A26E));
        state.operators[1] = _bytes32(MARKET);
    }
}
