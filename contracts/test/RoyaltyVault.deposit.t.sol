// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IRoyaltyVault, Payee, Share} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {MoodyToken} from "./support/HostileMoney.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

contract RoyaltyVaultDepositTest is RoyaltyWorld {
    RoyaltyVault private vault;
    MoodyToken private token;
    Payee private artistHere;
    Payee private galleryHere;

    function setUp() public override {
        super.setUp();
        _on(BASE);
        vault = tills[BASE].vault;
        token = new MoodyToken();
        token.mint(address(this), 1e24);
        token.approve(address(vault), type(uint256).max);
        artistHere = _payee(BASE, artist);
        galleryHere = _payee(BASE, GALLERY);
    }

    function test_deposit_splitsAtOnce_toTheUnit() public {
        _stateSplit(BASE, _shares(vault, Share(artistHere, 8_333), Share(galleryHere, 1_667)));
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.MoneyReceived(NATIVE, address(this), 1001);
        assertEq(vault.deposit{value: 1001}(NATIVE, 1001), 1001);
        // Quotas 834.1333 and 166.8667.
        assertEq(vault.creditOf(NATIVE, artistHere), 834);
        assertEq(vault.creditOf(NATIVE, galleryHere), 167);
        assertEq(vault.pooledOf(NATIVE), 1001);
        assertEq(vault.unsplitOf(NATIVE), 0);
    }

    function test_deposit_beforeTheFirstSplit_waitsUntilAnyoneSplits() public {
        vault.deposit(address(token), 500);
        assertEq(vault.unsplitOf(address(token)), 500);
        _stateSole(BASE, artistHere);
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.PayeeCredited(address(token), vault.payeeIdOf(artistHere), 500);
        vm.prank(BOB);
        vault.split(address(token));
        assertEq(vault.unsplitOf(address(token)), 0);
        assertEq(vault.creditOf(address(token), artistHere), 500);
    }

    function test_split_RevertWhen_NothingWaits() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingToSplit.selector, address(token)));
        vault.split(address(token));
        vault.deposit(address(token), 5);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingToSplit.selector, address(token)));
        vault.split(address(token));
        _stateSole(BASE, artistHere);
        vault.split(address(token));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingToSplit.selector, address(token)));
        vault.split(address(token));
    }

    function test_deposit_creditsWhatCame_notWhatWasSent() public {
        _stateSole(BASE, artistHere);
        token.setMood(MoodyToken.Mood.FEE_FROM_RECEIVER);
        assertEq(vault.deposit(address(token), 1_000), 990);
        assertEq(vault.creditOf(address(token), artistHere), 990);
    }

    function test_deposit_RevertWhen_ATokenOnlySaysThatItMoved() public {
        token.setMood(MoodyToken.Mood.LIES);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingReceived.selector, address(token)));
        vault.deposit(address(token), 1_000);
    }

    function test_deposit_RevertWhen_ValueIsNotTheAmount() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.ValueMismatch.selector, 2, 1));
        vault.deposit{value: 1}(NATIVE, 2);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.ValueMismatch.selector, 0, 1));
        vault.deposit{value: 1}(address(token), 2);
    }

    function test_deposit_RevertWhen_Nothing() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingReceived.selector, NATIVE));
        vault.deposit(NATIVE, 0);
    }

    function test_deposit_RevertWhen_ReentersFromItsToken() public {
        token.setHook(address(vault), abi.encodeCall(vault.absorb, (address(token))));
        vm.expectRevert(abi.encodeWithSignature("ReentrancyGuardReentrantCall()"));
        vault.deposit(address(token), 1_000);
    }

    function test_absorb_takesWhatCameDirectly_once() public {
        _stateSole(BASE, artistHere);
        vault.deposit(address(token), 100);
        token.transfer(address(vault), 40);
        assertEq(vault.absorb(address(token)), 40);
        assertEq(vault.creditOf(address(token), artistHere), 140);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.NothingReceived.selector, address(token)));
        vault.absorb(address(token));
    }

    function test_absorb_takesForcedNativeMoney() public {
        _stateSole(BASE, artistHere);
        vm.deal(address(vault), 3 ether);
        assertEq(vault.absorb(NATIVE), 3 ether);
        assertEq(vault.creditOf(NATIVE, artistHere), 3 ether);
    }

    /// @dev The loss is borne in proportion, once, and money that comes later does not pay for it.
    function test_loss_isSharedInProportion_andNotByLaterMoney() public {
        _stateSplit(BASE, _shares(vault, Share(artistHere, 7_500), Share(galleryHere, 2_500)));
        vault.deposit(address(token), 1_000);
        token.rebase(address(vault), 600);
        assertEq(vault.creditOf(address(token), artistHere), 450);
        assertEq(vault.creditOf(address(token), galleryHere), 150);

        vm.expectEmit(address(vault));
        emit IRoyaltyVault.LossRecorded(address(token), 400, 0);
        vault.deposit(address(token), 1_000);
        // After a loss a unit is no longer a share, and credits round down.
        assertApproxEqAbs(vault.creditOf(address(token), artistHere), 450 + 750, 1);
        assertApproxEqAbs(vault.creditOf(address(token), galleryHere), 150 + 250, 1);
        assertEq(vault.pooledOf(address(token)), 1_600);
    }

    function test_loss_ofOneToken_leavesAllOthers() public {
        _stateSole(BASE, artistHere);
        vault.deposit{value: 1_000}(NATIVE, 1_000);
        vault.deposit(address(token), 1_000);
        token.rebase(address(vault), 1);
        assertEq(vault.creditOf(NATIVE, artistHere), 1_000);
        assertEq(vault.creditOf(address(token), artistHere), 1);
    }

    /// @dev A total loss ends an era; what comes later starts at one share a unit again.
    function test_loss_ofAll_endsTheEra_andLaterMoneyIsWhole() public {
        _stateSole(BASE, artistHere);
        vault.deposit(address(token), 1e18);
        token.rebase(address(vault), 0);
        vm.expectEmit(address(vault));
        emit IRoyaltyVault.LossRecorded(address(token), 1e18, 1);
        vault.deposit(address(token), 700);
        assertEq(vault.creditOf(address(token), artistHere), 700);
        assertEq(vault.pooledOf(address(token)), 700);
    }

    function test_loss_ofAlmostAll_endsTheEra_too() public {
        _stateSole(BASE, artistHere);
        vault.deposit(address(token), 1 << 40);
        token.rebase(address(vault), 1 << 8);
        assertEq(vault.creditOf(address(token), artistHere), 0);
        assertEq(vault.absorb(address(token)), 1 << 8);
        assertEq(vault.creditOf(address(token), artistHere), 1 << 8);
    }

    function test_unsplit_bearsLossesToo() public {
        vault.deposit(address(token), 1_000);
        token.rebase(address(vault), 500);
        assertEq(vault.unsplitOf(address(token)), 500);
        _stateSole(BASE, artistHere);
        vault.split(address(token));
        assertEq(vault.creditOf(address(token), artistHere), 500);
    }

    function test_gain_isSurplus_notCredit() public {
        _stateSole(BASE, artistHere);
        vault.deposit(address(token), 1_000);
        token.rebase(address(vault), 1_300);
        assertEq(vault.creditOf(address(token), artistHere), 1_000);
        assertEq(vault.absorb(address(token)), 300);
        assertEq(vault.creditOf(address(token), artistHere), 1_300);
    }

    /// @dev Whatever the split and the amount: the credits sum to it.
    function testFuzz_deposit_creditsSumToTheAmount(uint96 amount, uint16 bps) public {
        bps = uint16(bound(bps, 1, 9_999));
        vm.assume(amount != 0);
        _stateSplit(BASE, _shares(vault, Share(artistHere, bps), Share(galleryHere, 10_000 - bps)));
        vm.deal(address(this), amount);
        vault.deposit{value: amount}(NATIVE, amount);
        assertEq(vault.creditOf(NATIVE, artistHere) + vault.creditOf(NATIVE, galleryHere), amount);
    }
}
