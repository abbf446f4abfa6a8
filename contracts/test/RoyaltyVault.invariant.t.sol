// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Test} from "forge-std/Test.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {Payee, Remittance, Share, Withdrawal} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {MoodyPayee, MoodyToken} from "./support/HostileMoney.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";

/// @dev A market that pays in native money, in a dollar and in a token that shrinks, grows and charges; payees who draw
/// when they like, one of whom refuses; settlements that arrive in any order, or not.
contract RoyaltyHandler is RoyaltyWorld {
    uint256 public constant TOKENS = 3;
    uint256 public constant PAYEES = 5;

    RoyaltyVault public vault;
    MoodyToken private moody;
    address[TOKENS] public tokens;
    Payee[] private payees;
    Shipment[] private underway;
    bool[] private isCcip;

    mapping(address token => uint256) public received;
    mapping(address token => uint256) public spent;
    uint256 public remitted;
    uint256 public arrived;
    uint256 public settlements;
    uint256 public lossyMoments;
    bool public othersLost;

    constructor() {
        setUp();
        vault = tills[BASE].vault;
        moody = new MoodyToken();
        moody.approve(address(vault), type(uint256).max);
        tills[BASE].dollar.approve(address(vault), type(uint256).max);
        tokens = [NATIVE, address(tills[BASE].dollar), address(moody)];
        MoodyPayee refusing = new MoodyPayee();
        refusing.setMood(MoodyPayee.Mood.REVERTS);
        payees.push(_payee(BASE, GALLERY));
        payees.push(_payee(BASE, CHARITY));
        payees.push(_payee(BASE, address(refusing)));
        payees.push(_payee(HOME, artist));
        payees.push(Payee(chains[HOME].chainHash, _bytes32(BOB), ALICE));
        _on(BASE);
    }

    function deposit(uint256 which, uint96 amount) external {
        address token = _token(which);
        amount = _bounded(token, amount);
        // What the token may charge the sender comes on top.
        _fund(address(this), token, uint256(amount) * 101 / 100);
        received[token] += vault.deposit{value: token == NATIVE ? amount : 0}(token, amount);
    }

    /// @dev Money that nobody announced, and the taking in of it.
    function giveAndAbsorb(uint256 which, uint96 amount, bool absorb) external {
        address token = _token(which);
        _fund(address(vault), token, _bounded(token, amount));
        // It may only have filled up a loss that nobody noticed.
        if (absorb && _balanceOf(token) > vault.pooledOf(token)) received[token] += vault.absorb(token);
    }

    function stateSplit(uint256 first, uint256 second, uint16 bps) external {
        first %= PAYEES;
        second = (first + 1 + second % (PAYEES - 1)) % PAYEES;
        bps = uint16(bound(bps, 1, 9_999));
        _on(BASE);
        _stateSplit(BASE, _shares(vault, Share(payees[first], bps), Share(payees[second], 10_000 - bps)));
        for (uint256 i = 0; i < TOKENS; ++i) {
            if (vault.unsplitOf(tokens[i]) != 0) vault.split(tokens[i]);
        }
    }

    /// @dev Whoever draws, nobody else's credit gets less.
    function withdraw(uint256 who, uint256 which, uint256 part) external {
        address token = _token(which);
        Payee memory payee = payees[who % PAYEES];
        uint256 amount = vault.creditOf(token, payee) * bound(part, 1, 100) / 100;
        // What a token charges the sender must fit the credit too.
        if (moody.mood() == MoodyToken.Mood.FEE_FROM_SENDER && token == address(moody)) amount = amount * 99 / 101;
        if (amount == 0) return;
        uint256[] memory before = _creditsOf(token);
        uint256 balance = _balanceOf(token);
        Withdrawal memory withdrawal = _withdrawal(token, payee, address(0xCAFE), amount);
        if (payee.claimant != address(0) || payee.chainHash == chains[BASE].chainHash) {
            vm.prank(payee.claimant != address(0) ? payee.claimant : address(uint160(uint256(payee.account))));
            vault.withdraw(withdrawal);
        } else {
            vault.withdrawSigned(withdrawal, block.timestamp, _signature(withdrawal));
        }
        spent[token] += balance - _balanceOf(token);
        uint256[] memory afterwards = _creditsOf(token);
        for (uint256 i = 0; i < PAYEES; ++i) {
            if (i != who % PAYEES && afterwards[i] < before[i]) othersLost = true;
        }
    }

    function pay(uint256 which) external {
        address token = _token(which);
        if (token == address(moody) && moody.mood() == MoodyToken.Mood.FEE_FROM_SENDER) return;
        address[] memory accounts = new address[](3);
        for (uint256 i = 0; i < 3; ++i) {
            accounts[i] = address(uint160(uint256(payees[i].account)));
        }
        uint256 balance = _balanceOf(token);
        vault.pay(token, accounts);
        spent[token] += balance - _balanceOf(token);
    }

    function change(uint8 mood, uint256 percent) external {
        moody.setMood(MoodyToken.Mood(mood % 3));
        uint256 balance = moody.balanceOf(address(vault));
        percent = bound(percent, 0, 130);
        if (percent < 100) ++lossyMoments;
        moody.rebase(address(vault), balance * percent / 100);
    }

    function remit(bool overCcip, uint256 part) external {
        _on(BASE);
        uint256 amount = vault.creditOf(tokens[1], payees[3]) * bound(part, 1, 100) / 100;
        if (amount == 0) return;
        Remittance memory remittance = _remittance(
            BASE, HOME, overCcip ? Transport.CCIP : Transport.LAYER_ZERO, bytes32(++settlements), artist, amount
        );
        Shipment memory shipment = _remit(BASE, HOME, remittance);
        if (!overCcip) _verifyForOft(shipment);
        _on(BASE);
        underway.push(shipment);
        isCcip.push(overCcip);
        remitted += amount;
    }

    /// @dev In any order; the bridges themselves refuse a second time.
    function arrive(uint256 which) external {
        if (underway.length == 0) return;
        which %= underway.length;
        if (isCcip[which]) _arriveByCcip(underway[which]);
        else _arriveByOft(underway[which]);
        arrived += underway[which].amount;
        (underway[which], isCcip[which]) = (underway[underway.length - 1], isCcip[isCcip.length - 1]);
        underway.pop();
        isCcip.pop();
        _on(BASE);
    }

    function owed(address token) external view returns (uint256 sum) {
        uint256[] memory credits = _creditsOf(token);
        for (uint256 i = 0; i < PAYEES; ++i) {
            sum += credits[i];
        }
        sum += vault.unsplitOf(token);
    }

    function balanceHere(address token) external view returns (uint256) {
        return _balanceOf(token);
    }

    function arrivedAtHome() external view returns (uint256 credited, uint256 balance) {
        address token = address(tills[HOME].dollar);
        credited = tills[HOME].vault.creditOf(token, payees[3]);
        balance = tills[HOME].dollar.balanceOf(address(tills[HOME].vault));
    }

    function _token(uint256 which) private returns (address) {
        _on(BASE);
        return tokens[which % TOKENS];
    }

    /// @dev An OFT moves at most 2^64 - 1 units of its shared decimals at once.
    function _bounded(address token, uint96 amount) private view returns (uint96) {
        return uint96(bound(amount, 200, token == tokens[1] ? 1e15 : 1e24));
    }

    function _fund(address to, address token, uint256 amount) private {
        if (token == NATIVE) vm.deal(to, to.balance + amount);
        else if (token == address(moody)) moody.mint(to, amount);
        else tills[BASE].dollar.mint(to, amount);
    }

    function _balanceOf(address token) private view returns (uint256) {
        return token == NATIVE ? address(vault).balance : MoodyToken(token).balanceOf(address(vault));
    }

    function _creditsOf(address token) private view returns (uint256[] memory credits) {
        credits = new uint256[](PAYEES);
        for (uint256 i = 0; i < PAYEES; ++i) {
            credits[i] = vault.creditOf(token, payees[i]);
        }
    }

    function _signature(Withdrawal memory withdrawal) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            artistKey,
            _withdrawalHash(BASE, withdrawal, vault.nonceOf(vault.payeeIdOf(withdrawal.payee)), block.timestamp)
        );
        return abi.encodePacked(r, s, v);
    }
}

contract RoyaltyVaultInvariantTest is Test {
    RoyaltyHandler private handler;

    function setUp() public {
        handler = new RoyaltyHandler();
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = handler.deposit.selector;
        selectors[1] = handler.giveAndAbsorb.selector;
        selectors[2] = handler.stateSplit.selector;
        selectors[3] = handler.withdraw.selector;
        selectors[4] = handler.pay.selector;
        selectors[5] = handler.change.selector;
        selectors[6] = handler.remit.selector;
        selectors[7] = handler.arrive.selector;
        targetContract(address(handler));
        targetSelector(FuzzSelector(address(handler), selectors));
    }

    /// @dev Per token: credits and unsplit money never exceed what the vault owes, nor does that exceed its balance.
    function invariant_theVaultHoldsAllThatItOwes() public view {
        for (uint256 i = 0; i < handler.TOKENS(); ++i) {
            address token = handler.tokens(i);
            uint256 pooled = handler.vault().pooledOf(token);
            assertLe(pooled, handler.balanceHere(token));
            assertLe(handler.owed(token), pooled);
        }
    }

    /// @dev Withdrawn, credited, unsplit and remitted are together what was received: to the unit where the token is
    /// honest, never more where it is not.
    function invariant_allThatWasReceivedIsAccountedFor() public view {
        for (uint256 i = 0; i < handler.TOKENS(); ++i) {
            address token = handler.tokens(i);
            uint256 out = handler.spent(token) + handler.owed(token) + (i == 1 ? handler.remitted() : 0);
            if (i < 2) assertEq(out, handler.received(token));
            else assertLe(out, handler.received(token));
        }
    }

    function invariant_whatArrivedIsCreditedOnce() public view {
        (uint256 credited, uint256 balance) = handler.arrivedAtHome();
        assertEq(credited, handler.arrived());
        assertEq(balance, handler.arrived());
        assertLe(handler.arrived(), handler.remitted());
    }

    function invariant_nobodyPaysForAnothersWithdrawal() public view {
        assertFalse(handler.othersLost());
    }
}
