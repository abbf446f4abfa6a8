// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Dividing a whole into parts in proportion to weights, to the last unit.
library Allotments {
    /// @dev Largest remainder (Hamilton's method): every part is its exact quota rounded down; the units left go one
    /// each to the parts that lost most by rounding, of equals to the one that stands first. The parts always sum to
    /// `total`, and none is a whole unit away from its quota. `total * weight` must fit 256 bits, else it reverts.
    /// @param weights Their sum must not be zero.
    function allot(uint256 total, uint256[] memory weights) internal pure returns (uint256[] memory parts) {
        uint256 sum = 0;
        for (uint256 i = 0; i < weights.length; ++i) {
            sum += weights[i];
        }
        parts = new uint256[](weights.length);
        uint256[] memory remainders = new uint256[](weights.length);
        uint256 left = total;
        for (uint256 i = 0; i < weights.length; ++i) {
            uint256 product = total * weights[i];
            parts[i] = product / sum;
            remainders[i] = product % sum;
            left -= parts[i];
        }
        // The remainders sum to `left * sum`, and each is less than `sum`: more than `left` of them are above zero.
        for (; left > 0; --left) {
            uint256 largest = 0;
            for (uint256 i = 1; i < remainders.length; ++i) {
                if (remainders[i] > remainders[largest]) largest = i;
            }
            ++parts[largest];
            remainders[largest] = 0;
        }
    }
}
